import Foundation
import TestSupport
import Testing

/// A few of the trials of `Scripts/trials.py`, on a plan of 20 cells.
@Suite(
  .enabled(if: Program.path != nil, Program.absent),
  .enabled(
    if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
      || ProcessInfo.processInfo.environment["TRANSFERBENCH_PYTHON"] != nil, "no Python here"))
struct TrialTests {
  @Test(.timeLimit(.minutes(15)))
  func killsFullDisksAndSecondCommandsLoseNothing() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      ProcessInfo.processInfo.environment["TRANSFERBENCH_PYTHON"] ?? "/usr/bin/python3",
      Fixtures.root.appending(path: "Scripts/trials.py").path, "--bench", Program.path?.path ?? "",
      "--moments", "3", "--sizes", "2", "--repetitions", "1",
    ]
    let output = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data().write(to: output)
    defer { try? FileManager.default.removeItem(at: output) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: output)
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.contains("| a second command | 1 | 1 |"), "\(text)")
    #expect(text.contains("0 workers left behind"), "\(text)")
  }
}
