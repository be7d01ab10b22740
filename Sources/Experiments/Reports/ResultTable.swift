import Foundation
import Methods
import Metrics
import Parameters

/// One line of the result table: a method over all pairs of the run.
struct TableLine: Sendable {
  /// The method.
  let method: PlannedMethod
  /// The number of pairs with a result.
  let pairs: Int
  /// The mean score over pairs with its gain; nil where no cell completed.
  let score: PairedResult?
  /// What transfer did; nil for a method that is itself what others are measured against.
  let verdict: Verdict?
  /// The number of pairs with a negative verdict.
  let harmedPairs: Int
  /// The mean bias gap over pairs; its gain is the bias drift.
  let bias: PairedResult?
  /// The mean wall time of a fit and its prediction, in seconds.
  let seconds: Double?
  /// The number of cells by how they ended.
  let outcomes: [Outcome: Int]

  /// The number of cells that gave nothing though they should have.
  public var failures: Int {
    Outcome.allCases.filter(\.isFailure).reduce(0) { $0 + (outcomes[$1] ?? 0) }
  }

  /// The line of a method from its results on the pairs and how its tests ended.
  init(_ method: PlannedMethod, _ headlines: [Headline], ends: [CellReport]) {
    let completed = ends.filter { $0.outcome == .completed }
    let score = PairedResult.mean(over: headlines.map(\.result))
    let direction = headlines.first?.score.direction ?? .higherIsBetter
    self.method = method
    pairs = headlines.count
    self.score = score
    verdict = score?.verdict(direction)
    harmedPairs = headlines.filter { $0.result.verdict(direction) == .negative }.count
    bias = PairedResult.mean(over: headlines.compactMap(\.drift))
    seconds =
      completed.isEmpty
      ? nil
      : completed.map { $0.fitSeconds + $0.predictSeconds }.reduce(0, +) / Double(completed.count)
    outcomes = Dictionary(ends.map { ($0.outcome, 1) }, uniquingKeysWith: +)
  }
}

/// The formats that a table can be written in.
public enum TableFormat: String, Sendable, CaseIterable {
  case table
  case csv
  case json
  case markdown
  case latex
}

/// The result table of a run as text.
public struct ResultTable: Sendable {
  private let header = [
    "method", "family", "score", "gain", "95% interval", "verdict", "harmed", "bias drift",
    "95% interval", "seconds",
  ]
  private let lines: [TableLine]

  /// The table of a run's summary.
  public init(_ summary: Summary) {
    lines = summary.lines
  }

  /// The table in one of the formats; scores, gains and drifts in points of 100.
  ///
  /// `isColoured` marks verdicts by colour, for terminals.
  ///
  /// - Throws: an `EncodingError` where JSON has no word for a number, such as an infinite one.
  public func text(_ format: TableFormat, isColoured: Bool = false) throws -> String {
    switch format {
    case .table: table().aligned(isColoured: isColoured)
    case .csv: csv
    case .json: try json()
    case .markdown: table().markdown
    case .latex: table(withDeviations: true).latex
    }
  }

  /// `withDeviations` gives the standard deviation of the score: over repetitions of one pair, over
  /// pairs of several.
  private func cells(_ line: TableLine, withDeviations: Bool) -> [String] {
    let deviation = withDeviations ? line.score?.sd.map { " ± " + Points.text($0) } : nil
    return [
      Self.name(line.method), line.method.entry.card.family.name,
      Points.text(line.score?.mean) + (deviation ?? ""),
      Points.text(line.score?.gain, signed: true),
      Points.interval(line.score?.gainLow, line.score?.gainHigh),
      Self.verdict(line),
      line.verdict == nil ? "" : "\(line.harmedPairs)/\(line.pairs)",
      Points.text(line.bias?.gain, signed: true),
      Points.interval(line.bias?.gainLow, line.bias?.gainHigh),
      line.seconds.map { String(format: "%.2g", $0) } ?? "",
    ]
  }

  /// The method with the hyperparameters that were set, and its shots where a plan has several.
  static func name(_ method: PlannedMethod) -> String {
    let changes = method.changes.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    return method.id + (changes.isEmpty ? "" : "[\(changes)]")
      + (method.shots.map { "@\($0)" } ?? "")
      + (method.selection == SelectionRule.stated.id ? "" : " by \(method.selection)")
  }

  /// The verdict, and how many cells did not complete.
  private static func verdict(_ line: TableLine) -> String {
    let verdict = line.verdict?.rawValue ?? (line.score == nil ? nil : "reference")
    let missing = Outcome.allCases.filter { $0 != .completed }.compactMap { outcome in
      line.outcomes[outcome].map { "\($0) \(outcome.rawValue)" }
    }
    return ([verdict].compactMap(\.self) + missing).joined(separator: ", ")
  }

  /// For programs: fractions of 1, an empty field for not applicable.
  private var csv: String {
    let header = [
      "method", "parameters", "family", "pairs", "score", "gain", "gain_ci_low", "gain_ci_high",
      "verdict", "harmed_pairs", "bias_drift", "bias_drift_ci_low", "bias_drift_ci_high", "seconds",
      "failed_cells", "shots",
    ]
    let rows = lines.map { line in
      [
        line.method.id, line.method.parameters, line.method.entry.card.family.name,
        String(line.pairs), CSV.number(line.score?.mean), CSV.number(line.score?.gain),
        CSV.number(line.score?.gainLow), CSV.number(line.score?.gainHigh),
        line.verdict?.rawValue ?? "", line.verdict == nil ? "" : String(line.harmedPairs),
        CSV.number(line.bias?.gain), CSV.number(line.bias?.gainLow),
        CSV.number(line.bias?.gainHigh), CSV.number(line.seconds), String(line.failures),
        line.method.shots.map { String($0) } ?? "",
      ]
    }
    return CSV.text([header] + rows)
  }

  private func table(withDeviations: Bool = false) -> TextTable {
    let (family, score, gain, verdict, drift) = (1, 2, 3, 5, 7)
    // The best of the methods; what they are measured against is no rival.
    let rivals = lines.indices.filter { lines[$0].verdict != nil }
    func best(_ value: (TableLine) -> Double?) -> Set<Int> {
      let values = rivals.compactMap { row in value(lines[row]).map { (row, Points.text($0)) } }
      guard let most = rivals.compactMap({ value(lines[$0]) }).max(), values.count > 1 else {
        return []
      }
      return Set(values.filter { $0.1 == Points.text(most) }.map(\.0))
    }
    let bold = [
      score: best { $0.score?.mean }, gain: best { $0.score?.gain },
      drift: best { $0.bias?.gain.map { -$0 } },
    ]
    return TextTable(
      title: withDeviations ? "Score: mean ± standard deviation over \(spread)" : "",
      header: header,
      rows: lines.map { cells($0, withDeviations: withDeviations) },
      numbers: Set(header.indices).subtracting([0, family, verdict]),
      style: { row, column in
        column == verdict ? lines[row].verdict.map(Self.colour) : nil
      }, isBold: { row, column in bold[column]?.contains(row) ?? false })
  }

  /// What the standard deviations are over.
  private var spread: String { lines.contains { $0.pairs > 1 } ? "pairs" : "repetitions" }

  /// The colour that marks a verdict on terminals.
  static func colour(_ verdict: Verdict) -> String {
    switch verdict {
    case .positive: "32"
    case .neutral: "2"
    case .negative: "1;31"
    }
  }

  private struct JSONLine: Encodable {
    let method: String
    let parameters: String
    let family: String
    let pairs: Int
    let score: Double?
    let gain: Double?
    let gainLow: Double?
    let gainHigh: Double?
    let verdict: String?
    let harmedPairs: Int
    let failedCells: Int
    let biasDrift: Double?
    let biasDriftLow: Double?
    let biasDriftHigh: Double?
    let seconds: Double?
    let shots: Int?
  }

  private func json() throws -> String {
    try JSON.text(
      lines.map { line in
        JSONLine(
          method: line.method.id, parameters: line.method.parameters,
          family: line.method.entry.card.family.name, pairs: line.pairs, score: line.score?.mean,
          gain: line.score?.gain, gainLow: line.score?.gainLow, gainHigh: line.score?.gainHigh,
          verdict: line.verdict?.rawValue, harmedPairs: line.harmedPairs,
          failedCells: line.failures,
          biasDrift: line.bias?.gain, biasDriftLow: line.bias?.gainLow,
          biasDriftHigh: line.bias?.gainHigh, seconds: line.seconds, shots: line.method.shots)
      })
  }
}
