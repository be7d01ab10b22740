import ArgumentParser
import Domains
import Experiments
import Foundation
import Logging

/// Where the results of a run go and how they are shown.
struct ResultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The folder for the results.", valueName: "dir"), completion: .directory)
  var out = "results"

  @OptionGroup var table: TableOptions

  @OptionGroup var options: RunOptions

  /// The plan beside the results.
  var planFile: String { "\(out)/plan.yml" }

  /// Runs what is missing of a plan, writes its files and prints its table.
  ///
  /// `resumedBy` are the arguments with which an interrupted run goes on.
  func run(
    _ plan: Plan, data: DataOptions, catalogue: DataCatalogue, slurm: SlurmLauncher? = nil,
    resumedBy arguments: [String]
  ) throws {
    try options.checkBLASCore()
    let plan = try plan.sealed()
    try plan.check()
    try AtomicFile.makeFolder(out)
    let lock = try FolderLock(out)
    defer { lock.release() }
    let interrupt = Interrupt()
    let (run, isComplete) = try options.execute(
      plan, data: data, catalogue: catalogue, folder: out, interrupt, slurm: slurm
    ) {
      try AtomicFile.write(Array(plan.yaml().utf8), to: planFile)
    }
    let summary = try Summary(run)
    let files = try table.write(summary, to: out)
    guard isComplete else {
      let resumption = "This goes on: \(Self.command(arguments))"
      guard interrupt.isRequested else {
        options.log.error(
          "Some tasks ended before all their cells were run; \(out)/slurm/log-*.txt says why. \(resumption)"
        )
        throw ExitCode.someCellsFailed
      }
      let end = slurm == nil ? "Interrupted." : "Interrupted, and the Slurm tasks cancelled."
      options.log.error("\(end) \(resumption)")
      throw ExitCode.interrupted
    }
    table.close(summary, in: out, files: files)
    if !summary.failures.isEmpty { throw ExitCode.someCellsFailed }
  }

  /// A command line of this program.
  static func command(_ arguments: [String]) -> String {
    ShellWords.line(["bench"] + arguments)
  }
}
