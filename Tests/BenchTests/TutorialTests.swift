import Foundation
import TestSupport
import Testing

/// The commands of "Is your method hurting anyone?", run as a reader types them.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct TutorialTests {
  /// A command of the article and the lines that it shows of the output.
  private struct Step {
    let command: String
    var shown: [Substring] = []
  }

  /// The steps: in fenced blocks, lines that begin with `$ ` and what stands below them.
  private static func steps() throws -> [Step] {
    let article = Fixtures.root.appending(
      path: "Sources/Experiments/Documentation.docc/Hurting.md")
    var steps: [Step] = []
    var isFenced = false
    for line in try String(contentsOf: article, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      if line.hasPrefix("```") {
        isFenced.toggle()
      } else if isFenced, line.hasPrefix("$ ") {
        steps.append(Step(command: String(line.dropFirst(2))))
      } else if isFenced {
        steps[steps.count - 1].shown.append(line)
      }
    }
    return steps
  }

  /// Whether two lines say the same: words alike, and numbers but for one in their last digit, which
  /// another processor may round otherwise.
  ///
  /// The seconds in the last column of a table are no part of it.
  private static func agree(_ shown: Substring, _ found: Substring) -> Bool {
    func parts(_ line: Substring) -> [Substring] {
      let parts = line.split { " [],".contains($0) }
      return line.contains("reference ") || line.contains("alignment ") ? parts.dropLast() : parts
    }
    let (left, right) = (parts(shown), parts(found))
    return left.count == right.count
      && zip(left, right).allSatisfy { one, other in
        guard let first = Double(one), let second = Double(other) else { return one == other }
        let digits = one.firstIndex(of: ".").map { one[$0...].count - 1 } ?? 0
        return abs(first - second) < 1.5 * pow(10, -Double(digits))
      }
  }

  @Test func everyCommandPrintsWhatTheArticleShows() throws {
    let program = try #require(Program.path)
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let steps = try Self.steps()
    #expect(steps.count == 5)
    for step in steps {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", step.command]
      process.currentDirectoryURL = folder
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      process.environment = ProcessInfo.processInfo.environment.merging([
        "PATH": "\(program.deletingLastPathComponent().path):\(path)"
      ]) { $1 }
      let output = folder.appending(path: "output.txt")
      try Data().write(to: output)
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(step.command)")
      let lines = try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
      for shown in step.shown {
        #expect(
          lines.contains { Self.agree(shown, $0) },
          "\(step.command) no longer prints: \(shown)\nbut: \(lines.joined(separator: "\n"))")
      }
    }
  }
}
