import ArgumentParser
import Domains
import Experiments
import Foundation

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
    _ plan: Plan, data: DataOptions, catalogue: DataCatalogue, resumedBy arguments: [String]
  ) throws {
    let plan = try plan.sealed()
    try plan.check()
    try AtomicFile.makeFolder(out)
    let lock = try FolderLock(out)
    defer { lock.release() }
    let (run, isComplete) = try options.execute(
      plan, data: data, catalogue: catalogue, folder: out, Interrupt()
    ) {
      try AtomicFile.write(Array(plan.yaml().utf8), to: planFile)
    }
    let summary = try Summary(run)
    let files = try table.write(summary, to: out)
    guard isComplete else {
      StandardError.write("Interrupted. This goes on: \(Self.command(arguments))\n")
      throw ExitCode.interrupted
    }
    table.close(summary, in: out, files: files)
    if !summary.failures.isEmpty { throw ExitCode.someCellsFailed }
  }

  /// A command line of this program.
  static func command(_ arguments: [String]) -> String {
    (["bench"] + arguments).map(quoted).joined(separator: " ")
  }

  /// A word of a command line, quoted where a shell would take it apart.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:".contains($0) }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
