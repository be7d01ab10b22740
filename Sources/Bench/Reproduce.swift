import ArgumentParser
import Domains
import Experiments
import Foundation

/// `bench reproduce`: a paper's experiment, published beside measured.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the experiment that a paper note states, and print published beside measured.",
    discussion: """
      The notes lie in papers/. The command ends with how many figures agree to the last printed \
      digit, or how many means lie within the points that the note allows, and exits with 0 only \
      if all do.

      EXAMPLES
        bench reproduce jda-2013 --data ~/data
      """)

  @Argument(help: ArgumentHelp("The experiment's name.", valueName: "paper"))
  var paper: String

  @OptionGroup var data: DataOptions

  @Option(
    help: ArgumentHelp(
      "A folder to keep the runs in; without it they are not kept.", valueName: "dir"),
    completion: .directory)
  var out: String?

  @OptionGroup var options: RunOptions

  func run() throws {
    guard let folder = PaperNote.folder else { throw DomainError.missing(path: "papers") }
    let known = try Reproduction.all(in: folder)
    guard let reproduction = known.first(where: { $0.id == paper }) else {
      throw RequestError.unknown(.experiment, name: paper, known: known.map(\.id))
    }
    let catalogue = try data.catalogue()
    let out =
      out
      ?? FileManager.default.temporaryDirectory
      .appending(path: "bench-\(ProcessInfo.processInfo.processIdentifier)").path
    defer {
      if self.out == nil { try? FileManager.default.removeItem(atPath: out) }
    }
    try AtomicFile.makeFolder(out)
    let interrupt = Interrupt()
    var figures: [Reproduction.Figure] = []
    for experiment in reproduction.experiments {
      let (run, isComplete) = try options.execute(
        reproduction.plan(experiment), data: data, catalogue: catalogue, folder: out, interrupt)
      guard isComplete else { throw ExitCode.interrupted }
      figures += try reproduction.figures(experiment, run)
    }
    let means = reproduction.means(of: figures)
    print(Self.listing(figures, means, decimals: reproduction.decimals).table)
    let judged = reproduction.meanWithin == nil ? figures.map(\.agrees) : means.compactMap(\.agrees)
    let agreeing = judged.filter(\.self).count
    let kind = reproduction.meanWithin.map { " means within \($0) points" } ?? ""
    print("\(agreeing) of \(judged.count)\(kind)")
    if agreeing < judged.count { throw ExitCode.someCellsFailed }
  }

  /// A row a pair, for each method the published figure and ours, and their means below.
  static func listing(
    _ figures: [Reproduction.Figure], _ means: [Reproduction.Mean], decimals: Int
  ) -> Listing {
    var methods: [String] = []
    var pairs: [String] = []
    for figure in figures {
      if !methods.contains(figure.method) { methods.append(figure.method) }
      if !pairs.contains(figure.pair) { pairs.append(figure.pair) }
    }
    func number(_ value: Double?) -> String {
      value.map { String(format: "%.\(decimals)f", $0) } ?? "failed"
    }
    let rows = pairs.map { pair in
      [pair]
        + methods.flatMap { method -> [String] in
          guard let figure = figures.first(where: { $0.pair == pair && $0.method == method })
          else { return ["", ""] }
          let mark = figure.agrees || means.contains { $0.agrees != nil } ? "" : " ≠"
          return [number(figure.published), number(figure.measured) + mark]
        }
    }
    let last =
      ["mean"]
      + means.flatMap { mean in
        [number(mean.published), number(mean.measured) + (mean.agrees == false ? " ≠" : "")]
      }
    return Listing(columns: ["pair"] + methods.flatMap { [$0, "ours"] }, rows: rows + [last])
  }
}
