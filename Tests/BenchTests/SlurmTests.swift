import Foundation
import TestSupport
import Testing

/// Whether a Slurm can be started here.
enum SlurmHost {
  static let isThere =
    getuid() == 0
    && ["slurmctld", "slurmd", "munged", "sbatch"].allSatisfy { name in
      ["/usr/sbin", "/usr/bin"].contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
      }
    }
}

/// `bench run --launcher slurm` against a Slurm of this machine, started for the test.
@Suite(
  .serialized, .enabled(if: Program.path != nil, Program.absent),
  .enabled(if: SlurmHost.isThere, "no slurmctld, slurmd and munged here, or not root"))
struct SlurmTests {
  private static let controller = Fixtures.root.appending(path: "Scripts/slurm_one_machine.sh").path

  /// Runs a command of the system to its end.
  @discardableResult
  private func system(
    _ words: [String], _ environment: [String: String] = [:]
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Daemons keep what they are given: a pipe would never end.
    let output = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data().write(to: output)
    defer { try? FileManager.default.removeItem(at: output) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return String(decoding: try Data(contentsOf: output), as: UTF8.self)
  }

  private func withSlurm(_ body: (String, [String: String]) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try system([Self.controller, "start", "\(folder)/slurm"])
    defer {
      _ = try? system([Self.controller, "stop", "\(folder)/slurm"])
      try? FileManager.default.removeItem(atPath: folder)
    }
    let configuration = "\(folder)/slurm/slurm.conf"
    try #require(
      try system(["sinfo", "--noheader"], ["SLURM_CONF": configuration]).contains("idle"))
    try body(folder, ["SLURM_CONF": configuration])
  }

  private func results(_ folder: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(folder)/results.csv"))
  }

  /// A program that takes its time and answers with the first class.
  private static let slow = """
    sleep 0.5
    count=$(sed -n 's/.*"test_count": \\([0-9]*\\).*/\\1/p' "$1/task.json")
    {
      printf '\\223NUMPY\\1\\0\\166\\0'
      printf "%-117s\\n" "{'descr': '|u1', 'fortran_order': False, 'shape': ($count,), }"
      head -c "$count" /dev/zero
    } > "$1/predictions.npy"
    """

  /// A plan of 200 cells: two pairs, ten repetitions, eight methods and their references.
  private func writePlan(_ folder: String) throws -> String {
    let plan = """
      pairs: [moons:rotated-0->rotated-30, shifts:null-source->null-target]
      methods:
        - coral
        - subspace-alignment
        - joint-pca
        - nn-weights
        - label-shift-em
        - gaussian-weights
        - tca
        - {id: slow, command: sh '\(folder)/slow.sh'}
      repetitions: 10
      resamples: 20
      """
    try Data(plan.utf8).write(to: URL(fileURLWithPath: "\(folder)/plan.yml"))
    try Data(Self.slow.utf8).write(to: URL(fileURLWithPath: "\(folder)/slow.sh"))
    return "\(folder)/plan.yml"
  }

  @Test(.timeLimit(.minutes(10)))
  func aCancelledTaskLosesItsUnfinishedCellsAndTheResultsAreTheSameBytes() throws {
    try withSlurm { folder, environment in
      let plan = try writePlan(folder)
      let local = try Program.run(["run", plan, "--out", "\(folder)/local", "--quiet"])
      #expect(local.code == 0, "\(local.errors)")
      let cells = try String(decoding: results("\(folder)/local"), as: UTF8.self)
      #expect(Set(cells.split(separator: "\r\n").map { $0.prefix { $0 != "," } }).count == 201)

      // One task is cancelled once it has finished some of its cells.
      let arguments = [
        "run", plan, "--out", "\(folder)/out", "--launcher", "slurm", "--cells-per-task", "50",
        "--slurm-options", "--time=10",
      ]
      let watcher = Thread {
        for _ in 0..<1_200 {
          usleep(100_000)
          let log = try? String(contentsOfFile: "\(folder)/out/slurm/log-2.txt", encoding: .utf8)
          guard log?.contains("completed: ") == true else { continue }
          let jobs = try? system(
            ["squeue", "--me", "--noheader", "--array", "--format=%i %K"], environment)
          for line in jobs?.split(separator: "\n") ?? [] where line.hasSuffix(" 2") {
            _ = try? system(["scancel", String(line.prefix { $0 != " " })], environment)
          }
          return
        }
      }
      watcher.start()
      let first = try Program.run(arguments, environment: environment)
      #expect(first.code == 1, "\(first.errors)")
      #expect(first.errors.contains("Submitted 4 Slurm tasks as transfer-bench-"))
      #expect(first.errors.contains("Some tasks ended before all their cells were run"))
      #expect(FileManager.default.fileExists(atPath: "\(folder)/out/slurm/log-2.txt"))

      let second = try Program.run(arguments, environment: environment)
      #expect(second.code == 0, "\(second.errors)")
      let found = second.errors.firstMatch(of: /(\d+) cells are in the store already; (\d+) to run/)
      let settled = try #require(found.flatMap { Int($0.1) })
      #expect((151..<200).contains(settled), "\(second.errors)")
      #expect(try results("\(folder)/out") == results("\(folder)/local"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/out/slurm"))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func anInterruptCancelsTheTasksAndAKilledCommandsTasksAreFoundAgain() throws {
    try withSlurm { folder, environment in
      let plan = try writePlan(folder)
      let arguments = [
        "run", plan, "--out", "\(folder)/out", "--launcher", "slurm", "--cells-per-task", "50",
      ]
      // Interrupted, then killed, then left alone.
      for signal in [SIGINT, SIGKILL] {
        let process = Process()
        process.executableURL = Program.path
        process.arguments = arguments
        process.currentDirectoryURL = Fixtures.root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<600 {
          usleep(100_000)
          if FileManager.default.fileExists(atPath: "\(folder)/out/slurm/shard-1.sqlite") { break }
        }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        if signal == SIGINT {
          #expect(process.terminationStatus == 130)
          let queue = try system(["squeue", "--noheader"], environment)
          #expect(queue.isEmpty, "\(queue)")
        }
      }
      let last = try Program.run(arguments, environment: environment)
      #expect(last.code == 0, "\(last.errors)")
      #expect(last.errors.contains("Waiting for the "))
      let local = try Program.run(["run", plan, "--out", "\(folder)/local", "--quiet"])
      #expect(local.code == 0)
      #expect(try results("\(folder)/out") == results("\(folder)/local"))
    }
  }

  @Test func withoutSlurmOneSentenceSaysSo() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try Program.run(
      ["run", try writePlan(folder), "--out", "\(folder)/out", "--launcher", "slurm"],
      environment: ["PATH": folder])
    #expect(result.code == 2)
    #expect(result.errors.hasSuffix("bench: Slurm's command 'sbatch' isn't on this machine.\n"))
  }
}
