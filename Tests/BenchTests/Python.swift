import Foundation

/// The Python of the tests that need one: `TRANSFERBENCH_PYTHON`, or `python3`.
enum Python {
  static let path = ProcessInfo.processInfo.environment["TRANSFERBENCH_PYTHON"] ?? "python3"

  /// Whether it is there with these modules, named as in an `import`.
  static func canImport(_ modules: String) -> Bool {
    (try? run(["-c", "import \(modules)"])) == 0
  }

  /// Runs it, silently, and says with which status it ended.
  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
