import Foundation
import TestSupport
import Testing

/// The built `bench` executable, run as users run it.
enum Program {
  /// What a run left behind.
  struct Result {
    let code: Int32
    let output: String
    let errors: String
  }

  /// The executable beside the test bundle, or nil where it wasn't built.
  static let path: URL? = {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let path = bundle.deletingLastPathComponent().appending(path: "bench")
    return FileManager.default.isExecutableFile(atPath: path.path) ? path : nil
  }()

  /// Why a test that runs the program is skipped.
  static let absent: Comment = "the bench executable lies not beside the test bundle"

  /// Runs the program with these arguments, in the package's root, and waits for its end.
  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
    let process = Process()
    process.executableURL = path
    process.arguments = arguments
    process.currentDirectoryURL = Fixtures.root
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (output, errors) = (folder.appending(path: "out"), folder.appending(path: "err"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Result(
      code: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}
