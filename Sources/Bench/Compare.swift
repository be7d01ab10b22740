import ArgumentParser
import Domains
import Experiments
import Foundation
import Learners
import Methods
import Metrics

/// `bench compare`: methods on pairs, and what transfer did.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare methods on pairs of domains.",
    discussion: """
      Every method is run on every pair beside its own no-transfer reference, with the same splits, \
      shots and seed. The table shows the mean over pairs of the score, the gain over the reference \
      with its bootstrap interval, the verdict (positive, neutral, negative), on how many pairs the \
      method harmed, and the bias drift: how much the accuracy gap between groups grew. The files in \
      --out hold every metric of every cell.

      EXAMPLES
        bench compare --methods all
        bench compare --methods coral,tca --pairs 'office-caltech:amazon->caltech' --data ~/data
        bench compare --methods family:few-shot --pairs 'digits:*' --shots 1
        bench compare --methods family:fine-tuning --shots 1,2,5,10
        bench compare --methods tca,jda --set jda.components=20 --learner 1-nn --format markdown
        bench compare --methods coral,tca --select entropy
        bench compare --methods family:subspace --select all --budget 8
        bench compare --resume --out results
      """)

  @Option(
    help: ArgumentHelp("all, ids, or family:NAME, separated by commas.", valueName: "methods"),
    completion: .methods)
  var methods = "all"

  @Option(
    help: ArgumentHelp(
      "embedded, available, all, or names such as digits:synthetic->scanned, moons or 'moons:*', separated by commas.",
      valueName: "pairs"),
    completion: .pairs)
  var pairs = "embedded"

  @OptionGroup var data: DataOptions

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp("holdout or transductive.", valueName: "name"),
    completion: .list(EvaluationProtocol.names))
  var protocolName = "holdout"

  @Option(help: ArgumentHelp("The fraction of each domain held out.", valueName: "fraction"))
  var holdout = 0.5

  @Option(
    help: ArgumentHelp(
      "Labelled target samples for each class; several, as in 1,2,5,10, draw learning curves.",
      valueName: "n"))
  var shots: ShotCounts = 5

  @Option(help: ArgumentHelp("Repetitions, with other splits and draws.", valueName: "n"))
  var repetitions = 5

  @Option(help: ArgumentHelp("Names all randomness of the run.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Bootstrap resamples behind each interval.", valueName: "n"))
  var resamples = 1000

  @Option(
    help: ArgumentHelp(
      "A hyperparameter, as in jda.components=20; may be given more than once.",
      valueName: "method.parameter=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp("The learner of every method that takes one.", valueName: "name"),
    completion: .list(LearnerChoice.allCases.map(\.rawValue)))
  var learner: String?

  @OptionGroup var selection: SelectionOptions

  @Option(
    help: ArgumentHelp("The folder for the results.", valueName: "dir"), completion: .directory)
  var out = "results"

  @Option(help: "How the table is written: table, csv, json, markdown or latex.")
  var format = TableFormat.table

  @Flag(help: "Write each cell's predictions to predictions/ as .npz.")
  var predictions = false

  @Flag(help: "Go on with the plan in --out; other options about what to run are not read.")
  var resume = false

  @OptionGroup var options: RunOptions

  func run() throws {
    let catalogue = try data.catalogue()
    let planFile = "\(out)/plan.yml"
    let plan = resume ? try Self.readPlan(planFile) : try self.plan(catalogue)
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
    let files = try Exports(summary, folder: out).write(predictions: predictions)
    let table = ResultTable(summary)
    let isColoured = isatty(STDOUT_FILENO) == 1
    let selected = plan.selection == SelectionRule.allID ? SelectionTable(summary) : nil
    print(
      try selected?.text(format, isColoured: isColoured)
        ?? table.text(format, isColoured: isColoured), terminator: "")
    Self.explain(summary.failures)
    if !isComplete {
      let command = ["bench", "compare", "--resume", "--out", out] + data.arguments
      StandardError.write(
        "Interrupted. This goes on: " + command.map(Self.quoted).joined(separator: " ") + "\n")
      throw ExitCode.interrupted
    }
    if format == .table {
      if let curves = CurveTable(summary) {
        print("\nLearning curves, means over pairs\n" + curves.text(), terminator: "")
      }
      if let ranking = RankingText(summary) { print("\n" + ranking.text, terminator: "") }
      print("\n" + Self.closing(summary, out, files))
    }
    if !summary.failures.isEmpty { throw ExitCode.someCellsFailed }
  }

  /// The plan that the options state.
  private func plan(_ catalogue: DataCatalogue) throws -> Plan {
    let ids = try MethodSelection.ids(methods)
    let settings = try MethodSelection.settings(
      ids, assignments: set, learner: learner, grids: selection.grid)
    let pairs = try catalogue.resolve(Self.list(pairs))
    return Plan(
      pairs: pairs.map(\.description), methods: settings, protocolName: protocolName,
      holdout: holdout, shots: shots, repetitions: repetitions, seed: seed,
      selection: selection.select,
      search: selection.search, budget: selection.budget, folds: selection.folds,
      resamples: resamples)
  }

  private static func readPlan(_ path: String) throws -> Plan {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw DomainError.missing(path: path)
    }
    return try Plan(yaml: String(decoding: bytes, as: UTF8.self), path: path)
  }

  static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
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

  private static func count(_ things: some Collection, _ noun: String) -> String {
    "\(things.count) \(noun)\(things.count == 1 ? "" : "s")"
  }

  /// What the learning curves show; empty where there is one number of shots.
  private static func curves(_ plan: Plan) -> String {
    guard plan.shots.counts.count > 1 else { return "" }
    return """

      After @ stand the shots. Of the learning curves, against the reference's: the gain at the
      fewest shots, at the most, and of the area; and how many times the labels the reference needs
      to reach the worse of the two last scores (geometric mean). curves.csv holds them by pair.
      """
  }

  /// Which groups were too small to be shown; empty where none was.
  static func suppressed(_ summary: Summary) -> String {
    let found = summary.suppressedLevels
    guard !found.isEmpty else { return "" }
    let levels = found.map { level, pairs in "\(level) on \(count(0..<pairs, "pair"))" }
    return """

      With fewer than \(GroupIntersections.leastCount) test samples, and so left out of the measures \
      of groups: \(levels.joined(separator: ", ")); results.csv says where.
      """
  }

  /// What was run and where it lies.
  private static func closing(_ summary: Summary, _ out: String, _ files: [String]) -> String {
    let plan = summary.plan
    let fits =
      plan.repetitions > 1
      ? ""
      : "\nWith one repetition intervals are those of the one fit: other splits may differ more."
    let counts = Outcome.allCases.compactMap { outcome -> String? in
      let count = summary.reports.filter { $0.report?.outcome == outcome }.count
      return count == 0 ? nil : "\(count) \(outcome.rawValue)"
    }
    let protocolText =
      plan.protocolName == "holdout" ? "holdout \(plan.holdout)" : plan.protocolName
    return """
      Points of 100, means over \(Self.count(plan.pairs, "pair")) and \
      \(Self.count(0..<plan.repetitions, "repetition")), \(protocolText), \(plan.shots) shots, seed \
      \(plan.seed).
      \(meaning(plan))
      \(summary.reports.count) cells: \(counts.joined(separator: ", ")). Written to \(out)/: plan.yml, \
      \(files.joined(separator: ", ")), results.sqlite.
      """ + fits + curves(plan) + suppressed(summary)
  }

  /// What the columns of the table say.
  private static func meaning(_ plan: Plan) -> String {
    guard plan.selection == SelectionRule.allID else {
      return """
        The gain is over the setting's own no-transfer reference; "harmed" counts the pairs whose
        interval lies below 0; the bias drift is the growth of the accuracy gap between groups, or
        between classes where a data set has no groups.
        """
    }
    let tried = plan.search == .grid ? "every setting" : "up to \(plan.budget) settings"
    return """
      Each rule chose among \(tried) of every method, judged on \(plan.folds) inner folds; "none" is
      the method as stated, "oracle" sees the target's labels. The gain is over the no-transfer
      reference, and "below reference" the share of methods and pairs that do worse than it; the
      price is the oracle's score less the rule's.
      """
  }
}
