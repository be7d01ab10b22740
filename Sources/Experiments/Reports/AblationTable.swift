import Domains
import Foundation
import Metrics
import Parameters

/// An ablation as text: the settings by hyperparameter, each against the stated one.
public struct AblationTable: Sendable {
  private let ablation: Ablation

  /// The table of a run's summary; nil where its plan asks for no ablation.
  public init?(_ summary: Summary) {
    guard let ablation = summary.ablation else { return nil }
    self.ablation = ablation
  }

  init(_ ablation: Ablation) {
    self.ablation = ablation
  }

  /// The table in one of the formats: figures in points of 100 for people, in fractions for
  /// programs.
  ///
  /// - Throws: an `EncodingError` where JSON has no word for a number.
  public func text(_ format: TableFormat, isColoured: Bool = false) throws -> String {
    switch format {
    case .table: table(withBars: true).aligned(isColoured: isColoured)
    case .csv: csv
    case .json: try json()
    case .markdown: table(withBars: false).markdown
    case .latex: table(withBars: false).latex
    }
  }

  /// A row of the table: a setting under the hyperparameter that it varies.
  struct Row {
    let line: Ablation.Line
    /// The hyperparameter, or the whole combination; empty where the row above says it.
    let name: String
    let value: String
    var bar = ""
  }

  /// One at a time the values of each hyperparameter with the stated one among them; else every
  /// combination.
  var rows: [Row] {
    guard let stated = ablation.lines.first else { return [] }
    let others = ablation.lines.dropFirst()
    guard isOneAtATime else {
      return [Row(line: stated, name: "as stated", value: "")]
        + others.map { line in
          let changes = line.changes.map { "\($0.name)=\($0.value)" }
          return Row(line: line, name: changes.joined(separator: ", "), value: "")
        }
    }
    return stated.method.assignments.flatMap { own -> [Row] in
      let varied = others.filter { $0.changes.first?.name == own.name }
      guard !varied.isEmpty else { return [] }
      var group = varied.compactMap { line in line.changes.first.map { (line, $0.value) } }
      group.append((stated, own.value))
      if group.allSatisfy({ $0.1.number != nil }) {
        group.sort { ($0.1.number ?? 0) < ($1.1.number ?? 0) }
      } else {
        group.sort { $0.0.changes.count < $1.0.changes.count }
      }
      let bars =
        own.value.number == nil || group.count < 3
        ? group.map { _ in "" } : Bars.texts(group.map { $0.0.score?.mean })
      return zip(group, bars).enumerated().map { place, entry in
        Row(
          line: entry.0.0, name: place == 0 ? own.name : "", value: entry.0.1.description,
          bar: entry.1)
      }
    }
  }

  func table(withBars: Bool) -> TextTable {
    let rows = rows
    let bars = withBars && rows.contains { !$0.bar.isEmpty }
    let values = isOneAtATime
    let header =
      [values ? "parameter" : "setting"] + (values ? ["value"] : []) + ["score"]
      + (bars ? ["curve"] : [])
      + ["difference", "95% interval", "verdict", "harmed", "bias drift", "95% interval"]
    let texts = rows.map { row -> [String] in
      let line = row.line
      return [row.name] + (values ? [row.value] : []) + [Points.text(line.score?.mean)]
        + (bars ? [row.bar] : [])
        + [
          Points.text(line.score?.gain, signed: true),
          Points.interval(line.score?.gainLow, line.score?.gainHigh), Self.verdict(line),
          line.verdict == nil ? "" : "\(line.harmedPairs)/\(line.pairs.count)",
          Points.text(line.bias?.gain, signed: true),
          Points.interval(line.bias?.gainLow, line.bias?.gainHigh),
        ]
    }
    let words: Set<String> = ["parameter", "setting", "curve", "verdict"]
    let verdict = header.firstIndex(of: "verdict")
    return TextTable(
      title: title, header: header, rows: texts,
      numbers: Set(header.indices.filter { !words.contains(header[$0]) })
    ) { row, column in
      guard column == verdict else { return nil }
      return rows[row].line.verdict.map(ResultTable.colour)
    }
  }

  /// Whether hyperparameters are varied each for itself.
  var isOneAtATime: Bool { ablation.kind == .oneAtATime }

  /// The name of the stated setting.
  var stated: String { ablation.lines.first.map { ResultTable.name($0.method) } ?? "" }

  private var title: String { "Settings of \(stated) against it as stated" }

  private static func verdict(_ line: Ablation.Line) -> String {
    let word = line.changes.isEmpty ? "as stated" : line.verdict?.rawValue
    let missing = line.missing > 0 ? "\(line.missing) without result" : nil
    return [word, missing].compactMap(\.self).joined(separator: ", ")
  }

  /// `ablation.csv`: a row for each setting and pair, then one over all pairs, whose pair is empty.
  var csv: String {
    let header = [
      "dataset", "source", "target", "method", "parameter", "value", "parameters", "metric",
      "mean", "ci_low", "ci_high", "difference", "difference_ci_low", "difference_ci_high",
      "p_value", "verdict",
    ]
    return CSV.text(
      [header]
        + ablation.lines.flatMap { line in
          line.pairs.map { pair, result in
            [pair.dataset, pair.source, pair.target] + fields(line, result)
          } + (line.score.map { [["", "", ""] + fields(line, $0)] } ?? [])
        })
  }

  private func fields(_ line: Ablation.Line, _ result: PairedResult) -> [String] {
    let change = line.changes.count == 1 ? line.changes.first : nil
    let numbers = [
      result.mean, result.ciLow, result.ciHigh, result.gain, result.gainLow, result.gainHigh,
      result.pValue,
    ].map(CSV.number)
    return [
      line.method.id, change?.name ?? "", change?.value.description ?? "", line.method.parameters,
      ablation.metric,
    ] + numbers
      + [line.changes.isEmpty ? "" : result.verdict(line.direction)?.rawValue ?? ""]
  }

  private struct JSONLine: Encodable {
    let method: String
    let parameters: String
    let changes: [String: String]
    let score: Double?
    let difference: Double?
    let differenceLow: Double?
    let differenceHigh: Double?
    let verdict: String?
    let harmedPairs: Int
    let missingCells: Int
  }

  private func json() throws -> String {
    try JSON.text(
      ablation.lines.map { line in
        JSONLine(
          method: line.method.id, parameters: line.method.parameters,
          changes: Dictionary(
            uniqueKeysWithValues: line.changes.map { ($0.name, $0.value.description) }),
          score: line.score?.mean, difference: line.score?.gain,
          differenceLow: line.score?.gainLow, differenceHigh: line.score?.gainHigh,
          verdict: line.verdict?.rawValue, harmedPairs: line.harmedPairs,
          missingCells: line.missing)
      })
  }
}

extension ParameterValue {
  /// The value of a number; nil of switches and choices.
  fileprivate var number: Double? {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    case .flag, .choice: nil
    }
  }
}
