import ArgumentParser
import Experiments
import Foundation
import Logging

/// How the results of a run are written and shown.
struct TableOptions: ParsableArguments {
  @Option(help: "How the table is written: table, csv, json, markdown or latex.")
  var format = TableFormat.table

  @Flag(help: "Write each cell's predictions to predictions/ as .npz.")
  var predictions = false

  /// Writes the files into a folder, prints the table, and says on standard error what failed.
  ///
  /// - Returns: the names of the files.
  /// - Throws: a `DomainError` where a file can't be written, or an `EncodingError` or `StoreError`.
  func write(_ summary: Summary, to folder: String) throws -> [String] {
    let files = try Exports(summary, folder: folder).write(predictions: predictions)
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
    return files
  }

  /// Prints what stands below the table, for people.
  func close(_ summary: Summary, in folder: String, files: [String]) {
    if format == .table { print(ClosingText.text(summary, folder: folder, files: files)) }
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
      Logger.plain().error(
        "Failed: \((cells[reason] ?? []).joined(separator: ", ")): \(reason)")
    }
  }
}
