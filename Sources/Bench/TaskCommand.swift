import ArgumentParser
import Experiments
import Foundation

/// `bench task`: one task of a Slurm job, which `bench run --launcher slurm` submits.
struct TaskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task", abstract: "Run the cells of one Slurm task.", shouldDisplay: false)

  @Argument var folder: String

  @Option var index: Int

  @OptionGroup var data: DataOptions

  @OptionGroup var options: RunOptions

  func run() throws {
    let interrupt = Interrupt()
    let plan = try Plan(yaml: RunCommand.text("\(folder)/plan.yml"), path: "\(folder)/plan.yml")
    let tasks = "\(folder)/slurm"
    let store = try ResultStore(path: SlurmTasks.shard(index, in: tasks))
    let settled = try store.settledCells()
    let missing = try SlurmTasks.cells(of: index, in: tasks).filter { !settled.contains($0.id) }
    let progress = Progress(options.log)
    defer { progress.end() }
    progress.report(.planned(missing: missing.count, settled: settled.count))
    try options.local(plan, data: data, folder: folder).run(
      missing, into: store, isCancelled: { interrupt.isRequested }, report: { progress.report($0) })
    if interrupt.isRequested { throw ExitCode.interrupted }
  }
}
