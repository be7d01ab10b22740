import ArgumentParser
import Domains
import Experiments
import Foundation

/// Where the results of a run go and how they are shown.
struct ResultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The folder for the results.", valueName: "dir"), completion: .directory)
  var out = "results"

  @Option(help: "How the table is written: table, csv, json, markdown or latex.")
  var format = TableFormat.table

  @Flag(help: "Write each cell's predictions to predictions/ as .npz.")
  var predictions = false

  @OptionGroup var options: RunOptions

  /// The plan beside the results.
  var planFile: String { "\(out)/plan.yml" }

  /// Runs what is missing of a plan, writes its files and prints its table.
  ///
  /// `resumedBy` are the arguments with which an interrupted run goes on.
  func run(
    _ plan: Plan, data: DataOptions, catalogue: DataCatalogue, resumedBy arguments: [String]
  ) throws {
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
    try Exports(summary, folder: out).write(predictions: predictions)
    try show(summary)
    if !isComplete {
      let command = ["bench"] + arguments
      StandardError.write(
        "Interrupted. This goes on: " + command.map(Self.quoted).joined(separator: " ") + "\n")
      throw ExitCode.interrupted
    }
    if format == .table { print(ClosingText.text(summary, folder: out)) }
    if !summary.failures.isEmpty { throw ExitCode.someCellsFailed }
  }

  /// Prints the table, and says on standard error what failed.
  private func show(_ summary: Summary) throws {
    let isColoured = isatty(STDOUT_FILENO) == 1
    let table: String
    if let ablation = AblationTable(summary) {
      table = try ablation.text(format, isColoured: isColoured)
    } else if summary.plan.selection == SelectionRule.allID,
      let selection = SelectionTable(summary)
    {
      table = try selection.text(format, isColoured: isColoured)
    } else {
      table = try ResultTable(summary).text(format, isColoured: isColoured)
    }
    print(table, terminator: "")
    Self.explain(summary.failures)
  }

  /// Says of the failed cells which failed for which reason.
  private static func explain(_ failures: [(cell: Cell, report: CellReport)]) {
    var reasons: [String] = []
    var cells: [String: [String]] = [:]
    for (cell, report) in failures {
      if cells[report.reason] == nil { reasons.append(report.reason) }
      let name = "\(cell.method) on \(cell.pair)"
      if cells[report.reason]?.contains(name) != true {
        cells[report.reason, default: []].append(name)
      }
    }
    for reason in reasons {
      StandardError.write(
        "Failed: \((cells[reason] ?? []).joined(separator: ", ")): \(reason)\n")
    }
  }

  /// A word of a command line, quoted where a shell would take it apart.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:".contains($0) }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
