import Foundation

/// Why Slurm can't be used.
///
/// Facts only: their wording is the command line's.
public enum SlurmError: Error, Sendable, Hashable {
  /// There is no such command here.
  case notFound(command: String)
  /// A command failed; the message is the last line of what it says.
  case failed(command: String, status: Int32, message: String)
}

/// Slurm's own commands.
enum SlurmCommand {
  /// Runs a command and returns what it prints.
  static func run(_ words: [String]) throws(SlurmError) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw .notFound(command: words[0])
    }
    // What they say of errors is a few lines and fits the pipe.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    // What `env` says of a command that isn't there.
    if process.terminationStatus == 127 { throw .notFound(command: words[0]) }
    guard process.terminationStatus == 0 else {
      let last = String(decoding: message, as: UTF8.self).split(whereSeparator: \.isNewline).last
      throw .failed(
        command: words[0], status: process.terminationStatus, message: last.map(String.init) ?? "")
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The numbers of the tasks of a job of this user that wait or run.
  static func queuedTasks(ofJob name: String) throws(SlurmError) -> Set<Int> {
    let lines = try run([
      "squeue", "--me", "--noheader", "--array", "--name=\(name)", "--format=%K",
    ])
    return Set(lines.split(whereSeparator: \.isWhitespace).compactMap { Int($0) })
  }
}
