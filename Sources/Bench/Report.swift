import ArgumentParser
import Domains
import Experiments
import Foundation

/// `bench report`: the results of a folder as one page to look at.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the results of a folder as one HTML page and its figures.",
    discussion: """
      Reads plan.yml and results.sqlite and runs nothing; no data file is needed. Writes \
      report.html, which holds everything it shows and loads nothing, and the figures as SVG in \
      figures/.

      EXAMPLES
        bench report results
        bench compare --methods all --out study && bench report study
      """)

  @Argument(
    help: ArgumentHelp("The folder of the run.", valueName: "dir"),
    completion: .directory)
  var folder: String

  func run() throws {
    let files = ["plan.yml", "results.sqlite"].map { "\(folder)/\($0)" }
    guard files.allSatisfy(FileManager.default.fileExists) else {
      throw RequestError.noResults(folder: folder)
    }
    let stored = try StoredRun(folder)
    let summary = try Summary(Run(stored: stored.plan, in: ResultStore(path: stored.store)))
    guard summary.reports.contains(where: { $0.report != nil }) else {
      throw RequestError.noResults(folder: folder)
    }
    let report = try HTMLReport(summary)
    try report.write(to: folder)
    print("Wrote \(folder)/report.html and \(report.figureCount) figures in \(folder)/figures/.")
  }
}
