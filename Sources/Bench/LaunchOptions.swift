import ArgumentParser
import Experiments
import Foundation
import Methods

/// Where the cells of a plan are run.
struct LaunchOptions: ParsableArguments {
  /// The places that there are.
  enum Place: String, ExpressibleByArgument, CaseIterable {
    case local, slurm
  }

  @Option(help: "Where cells are run: local, or slurm.")
  var launcher = Place.local

  @Option(
    name: .customLong("slurm-options"), parsing: .unconditional,
    help: ArgumentHelp(
      "More options of sbatch, as in '--partition=long --time=2:00:00 --mem=16G'.",
      valueName: "options"))
  var slurmOptions = ""

  @Option(
    name: .customLong("cells-per-task"),
    help: ArgumentHelp("Cells of one Slurm task; 100 unless that made over 1000.", valueName: "n"))
  var cellsPerTask: Int?

  func validate() throws {
    guard cellsPerTask.map({ $0 >= 1 }) ?? true else {
      throw ValidationError("--cells-per-task takes a whole number from 1.")
    }
    guard launcher == .slurm || (slurmOptions.isEmpty && cellsPerTask == nil) else {
      throw ValidationError("--slurm-options and --cells-per-task go with --launcher slurm.")
    }
  }

  /// The launcher of a run in a folder; nil for this machine.
  ///
  /// - Throws: a `ProgramError` where the options of `sbatch` have an open quote.
  func slurm(
    folder: String, options: RunOptions, data: DataOptions
  ) throws(ProgramError) -> SlurmLauncher? {
    guard launcher == .slurm else { return nil }
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    let jobs = options.jobs ?? 1
    return SlurmLauncher(
      folder: "\(folder)/slurm", cellsPerTask: cellsPerTask, processors: jobs,
      options: try ExternalProgram.words(of: slurmOptions),
      command: [executable, "task", folder, "--jobs", "\(jobs)", "--verbose"]
        + options.limitArguments + data.arguments)
  }

  /// The arguments that say the same.
  var arguments: [String] {
    guard launcher == .slurm else { return [] }
    return ["--launcher", "slurm"]
      + (slurmOptions.isEmpty ? [] : ["--slurm-options", slurmOptions])
      + (cellsPerTask.map { ["--cells-per-task", "\($0)"] } ?? [])
  }
}
