import Domains
import Foundation

/// Runs cells as the tasks of a Slurm array job, each with a store of its own.
///
/// A task's store (a shard) is written by that task alone and joined to the run's once the task is
/// no longer in the queue. The job is found again by its name, which is the run's folder's: a run
/// that was killed goes on with the tasks that it left in the queue.
public struct SlurmLauncher: Launcher {
  /// The folder of the run's tasks; it is removed once all are done.
  public let folder: String
  /// The most cells of one task; nil leaves it to the launcher.
  public let cellsPerTask: Int?
  /// The processors of a task.
  public let processors: Int
  /// More options of `sbatch`.
  public let options: [String]
  /// The command of a task, to which its number is added.
  public let command: [String]

  /// Cells of a task where nobody says: enough that starting it costs little.
  static let usualCells = 100
  /// The most tasks of one job: Slurm's own default of `MaxArraySize` is 1001.
  static let mostTasks = 1000

  /// A launcher of a run with that folder for its tasks.
  public init(
    folder: String, cellsPerTask: Int?, processors: Int, options: [String], command: [String]
  ) {
    self.folder = folder
    self.cellsPerTask = cellsPerTask
    self.processors = processors
    self.options = options
    self.command = command
  }

  /// Submits the cells, waits for the tasks, and joins what they wrote.
  ///
  /// Where the run is cancelled the tasks are too; what they finished is joined first.
  public func run(
    _ cells: [Cell], into store: ResultStore, isCancelled: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (Run.Event) -> Void
  ) throws {
    var collected = Collected(cells: cells, store: store, report: report)
    let left = try SlurmTasks.count(in: folder)
    if left > 0 {
      report(.resumed(tasks: left, name: name))
      try follow(left, &collected, isCancelled)
    }
    if isCancelled() { return }
    let missing = collected.missing
    if !missing.isEmpty {
      try? FileManager.default.removeItem(atPath: folder)
      let tasks = try SlurmTasks.write(missing, perTask: perTask(missing.count), to: folder)
      do {
        try submit(tasks)
      } catch {
        try? FileManager.default.removeItem(atPath: folder)
        throw error
      }
      report(.submitted(tasks: tasks, name: name))
      try follow(tasks, &collected, isCancelled)
    }
    // What tasks printed stays where one of them ended before its time.
    if collected.missing.isEmpty { try? FileManager.default.removeItem(atPath: folder) }
  }

  /// The cells of each task.
  func perTask(_ count: Int) -> Int {
    max(cellsPerTask ?? Self.usualCells, (count + Self.mostTasks - 1) / Self.mostTasks)
  }

  /// The job's name: that of the run's folder, wherever it is spoken of.
  var name: String {
    let path = URL(fileURLWithPath: folder).standardizedFileURL.path
    return "transfer-bench-" + Checksum.sha256(bytes: Array(path.utf8)).prefix(12)
  }

  private func submit(_ tasks: Int) throws {
    let script = """
      #!/bin/sh
      exec \(ShellWords.line(command)) --index "$SLURM_ARRAY_TASK_ID"

      """
    try AtomicFile.write(script, to: "\(folder)/job.sh")
    _ = try SlurmCommand.run(
      [
        "sbatch", "--parsable", "--array=1-\(tasks)", "--job-name=\(name)",
        "--output=\(folder)/log-%a.txt", "--open-mode=append", "--cpus-per-task=\(processors)",
      ] + options + ["\(folder)/job.sh"])
  }

  /// Joins the tasks' stores as the tasks leave the queue, until all have.
  private func follow(
    _ tasks: Int, _ collected: inout Collected, _ isCancelled: () -> Bool
  ) throws {
    var open = Set(1...tasks)
    var isStopped = false
    var misses = 0
    for round in 0... {
      let queued: Set<Int>
      do {
        queued = try SlurmCommand.queuedTasks(ofJob: name)
        misses = 0
      } catch {
        // A controller that doesn't answer for a while is no reason to give up.
        misses += 1
        guard misses < 30 else { throw error }
        Self.pause(10, while: { !isCancelled() || isStopped })
        continue
      }
      for task in open.subtracting(queued).sorted() {
        try collected.join(SlurmTasks.shard(task, in: folder))
        open.remove(task)
      }
      if open.isEmpty { return }
      if isCancelled(), !isStopped {
        isStopped = true
        _ = try SlurmCommand.run(["scancel", "--name=\(name)"])
      }
      Self.pause(isStopped ? 0.5 : min(10, 1 + Double(round) / 4)) { !isCancelled() || isStopped }
    }
  }

  /// Waits that many seconds, or for as long as a condition holds.
  private static func pause(_ seconds: Double, while goesOn: () -> Bool) {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end, goesOn() { usleep(100_000) }
  }
}

/// The cells of a launch and what came of them.
private struct Collected {
  /// The cells of which nothing is in the store yet.
  private(set) var missing: [Cell]
  private let store: ResultStore
  private let report: @Sendable (Run.Event) -> Void

  init(cells: [Cell], store: ResultStore, report: @escaping @Sendable (Run.Event) -> Void) {
    missing = cells
    self.store = store
    self.report = report
  }

  /// Joins a task's store, if the task ever made one.
  mutating func join(_ shard: String) throws {
    guard FileManager.default.fileExists(atPath: shard) else { return }
    let found = try ResultStore(path: shard).cells()
    try store.merge(shard)
    for cell in missing where found.contains(cell.id) {
      if let result = try store.report(of: cell) {
        report(.finished(cell, result.withoutPredictions))
      }
    }
    missing.removeAll { found.contains($0.id) }
  }
}
