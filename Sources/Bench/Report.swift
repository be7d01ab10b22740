import ArgumentParser
import Domains
import Experiments
import Foundation

/// `bench report`: the results of a folder as one page to look at.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the results of a folder as one HTML page and its figures.",
    discussion: """
      Reads plan.yml and results.sqlite and needs no data file. Writes report.html, which holds \
      everything it shows and loads nothing, and the figures as SVG, PDF and PNG in figures/. With \
      --scatter it fits a method again and draws where it moves the two domains.

      EXAMPLES
        bench report results
        bench report results --scatter 'coral on digits:synthetic->scanned'
        bench compare --methods all --out study && bench report study
      """)

  @Argument(
    help: ArgumentHelp("The folder of the run.", valueName: "dir"),
    completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Draw source and target before and after a method moved them; repeatable.",
      valueName: "method on pair"))
  var scatter: [String] = []

  @OptionGroup var data: DataOptions

  func run() throws {
    let files = ["plan.yml", "results.sqlite"].map { "\(folder)/\($0)" }
    guard files.allSatisfy(FileManager.default.fileExists) else {
      throw RequestError.noResults(folder: folder)
    }
    let stored = try StoredRun(folder)
    let run = try Run(stored: stored.plan, in: ResultStore(path: stored.store))
    let summary = try Summary(run)
    guard summary.reports.contains(where: { $0.report != nil }) else {
      throw RequestError.noResults(folder: folder)
    }
    let report = try HTMLReport(summary, scatters: scatters(run))
    try report.write(to: folder)
    print("Wrote \(folder)/report.html and \(report.figureCount) figures in \(folder)/figures/.")
  }

  /// The domains of the cells asked for; no data set is looked for where there are none.
  private func scatters(_ run: Run) throws -> [DomainScatter] {
    guard !scatter.isEmpty else { return [] }
    let catalogue = try data.catalogue()
    return try scatter.map { text in
      guard let middle = text.firstRange(of: " on ") else {
        throw RequestError.malformed(
          option: "--scatter", text: text,
          expected: "a method and a pair, as in 'coral on digits:synthetic->scanned'")
      }
      let (id, name) = (String(text[..<middle.lowerBound]), String(text[middle.upperBound...]))
      guard let method = run.methods.first(where: { $0.id == id }) else {
        throw RequestError.unknown(.method, name: id, known: run.methods.map(\.id))
      }
      // A data set with one pair in the plan needs no more than its name.
      let pairs = run.plan.pairs.filter { $0 == name || $0.hasPrefix(name + ":") }
      guard pairs.count == 1, let pair = PairID(pairs[0]) else {
        throw RequestError.unknown(.pair, name: name, known: run.plan.pairs)
      }
      guard let found = try run.scatter(of: method, on: pair, catalogue: catalogue) else {
        throw RequestError.nothingMoved(cell: text)
      }
      return found
    }
  }
}
