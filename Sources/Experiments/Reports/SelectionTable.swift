import Foundation
import Metrics

/// What choosing without target labels costs: every rule of selection on the same tuned settings.
///
/// Means are over methods, pairs and repetitions, each pair counted alike. Intervals are Student's
/// over the pairs' means, or over the repetitions' where there is one pair.
public struct SelectionTable: Sendable {
  /// One rule over some methods.
  struct Line: Sendable {
    let rule: String
    /// The test's score of what the rule chose.
    let score: StudentMean?
    /// That score less the reference's.
    let gain: StudentMean?
    /// The share of methods and pairs whose mean score lies below the reference's.
    let below: Double?
    /// The score of the oracle's choice less that of this rule's.
    let price: StudentMean?
    /// The mean rank correlation of the rule's scores with the tests'.
    let correlation: Double?
  }

  private let plan: Plan
  private let tunings: [TuningResult]
  private let rules: [String]

  /// The table of a run's summary; nil where nothing was chosen.
  public init?(_ summary: Summary) {
    guard !summary.tunings.isEmpty else { return nil }
    plan = summary.plan
    tunings = summary.tunings
    rules = summary.plan.rules.map(\.id)
  }

  /// The methods that were tuned, in order.
  private var methods: [PlannedMethod] {
    var found: [PlannedMethod] = []
    for tuning in tunings where !found.contains(tuning.method) { found.append(tuning.method) }
    return found
  }

  /// The rules over the methods given.
  func lines(_ methods: [PlannedMethod]) -> [Line] {
    let own = tunings.filter { methods.contains($0.method) }
    return rules.map { rule in
      Line(
        rule: rule, score: mean(own) { $0.test(rule) },
        gain: mean(own) { Self.difference($0.test(rule), $0.reference) },
        below: below(own, rule),
        price: rule == TargetOracle.id
          ? nil : mean(own) { Self.difference($0.test(TargetOracle.id), $0.test(rule)) },
        correlation: mean(own) { $0.rankCorrelation(rule) }?.mean)
    }
  }

  private static func difference(_ left: Double?, _ right: Double?) -> Double? {
    left.flatMap { left in right.map { left - $0 } }
  }

  /// The mean over pairs of the mean of a pair's values, or over one pair's repetitions.
  private func mean(
    _ tunings: [TuningResult], _ value: (TuningResult) -> Double?
  ) -> StudentMean? {
    let parts =
      plan.pairs.count > 1
      ? plan.pairs.map { pair in tunings.filter { $0.pair == pair } }
      : (0..<plan.repetitions).map { repetition in
        tunings.filter { $0.repetition == repetition }
      }
    return StudentMean(parts.compactMap { Self.average($0.compactMap(value)) })
  }

  private static func average(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private func below(_ tunings: [TuningResult], _ rule: String) -> Double? {
    let gains = plan.pairs.flatMap { pair in
      methods.compactMap { method in
        Self.average(
          tunings.filter { $0.pair == pair && $0.method == method }
            .compactMap { Self.difference($0.test(rule), $0.reference) })
      }
    }
    guard !gains.isEmpty else { return nil }
    return Double(gains.count { $0 < -1e-12 }) / Double(gains.count)
  }
}

/// A mean with Student's interval, where there are values enough for one.
struct StudentMean: Sendable, Hashable {
  let mean: Double
  let interval: StudentInterval?

  /// Nil of no values.
  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    mean = values.reduce(0, +) / Double(values.count)
    interval = StudentInterval(values)
  }
}

extension SelectionTable {
  /// The table in one of the formats: figures in points of 100 for people, in fractions for
  /// programs.
  ///
  /// - Throws: an `EncodingError` where JSON has no word for a number.
  public func text(_ format: TableFormat, isColoured: Bool = false) throws -> String {
    switch format {
    case .table: sections.map { $0.aligned(isColoured: isColoured) }.joined(separator: "\n")
    case .csv: csv
    case .json: try json()
    case .markdown: sections.map(\.markdown).joined(separator: "\n")
    case .latex: sections.map(\.latex).joined(separator: "\n")
    }
  }

  /// The rules over all methods, then each figure by method and rule.
  private var sections: [TextTable] {
    let all = overview(lines(methods))
    guard methods.count > 1 else { return [all] }
    let byMethod = methods.map { lines([$0]) }
    return [
      all,
      matrix("Target score by method and rule", byMethod) { Points.text($0.score?.mean) },
      matrix("The price of having no target labels: the oracle's score less the rule's", byMethod) {
        Points.text($0.price?.mean, signed: true)
      },
      matrix(
        "Rank correlation of the rule's score with the target score over the settings", byMethod
      ) { Self.correlation($0.correlation) },
    ]
  }

  private static let red = "31"
  private static let bold = "1"

  private func overview(_ lines: [Line]) -> TextTable {
    let best = Self.best(lines)
    return TextTable(
      title: "How the settings were chosen, over all tuned methods",
      header: [
        "chosen by", "score", "gain", "95% interval", "below reference", "price", "95% interval",
        "rank correlation",
      ],
      rows: lines.map { line in
        [
          line.rule, Points.text(line.score?.mean), Points.text(line.gain?.mean, signed: true),
          Points.interval(line.gain?.interval?.low, line.gain?.interval?.high),
          line.below.map { String(format: "%.0f %%", 100 * $0) } ?? "",
          Points.text(line.price?.mean, signed: true),
          Points.interval(line.price?.interval?.low, line.price?.interval?.high),
          Self.correlation(line.correlation),
        ]
      }, numbers: Set(1...7)
    ) { row, column in
      if column == 1, row == best { return Self.bold }
      if column == 2, lines[row].gain.map({ $0.mean < 0 }) == true { return Self.red }
      return nil
    }
  }

  /// Methods × rules, headed by the rules' names.
  private func matrix(
    _ title: String, _ lines: [[Line]], _ entry: (Line) -> String
  ) -> TextTable {
    TextTable(
      title: title, header: ["method"] + rules,
      rows: zip(methods, lines).map { [ResultTable.name($0)] + $1.map(entry) },
      numbers: Set(1...rules.count)
    ) { row, column in
      guard column > 0 else { return nil }
      if column - 1 == Self.best(lines[row]) { return Self.bold }
      return lines[row][column - 1].gain.map { $0.mean < 0 } == true ? Self.red : nil
    }
  }

  /// The place of the validator whose choices score highest.
  private static func best(_ lines: [Line]) -> Int? {
    let validators = lines.indices.filter {
      ![TargetOracle.id, SelectionRule.stated.id].contains(lines[$0].rule)
    }
    return validators.max { left, right in
      (lines[left].score?.mean ?? -1) < (lines[right].score?.mean ?? -1)
    }
  }

  private static func correlation(_ value: Double?) -> String {
    guard let value else { return "" }
    let text = String(format: "%+.2f", value)
    return ["-0.00", "+0.00"].contains(text) ? "0.00" : text
  }

  private var csv: String {
    let header = [
      "method", "parameters", "selection", "score", "gain", "gain_ci_low", "gain_ci_high",
      "below_reference", "price", "price_ci_low", "price_ci_high", "rank_correlation",
    ]
    let rows = methods.flatMap { method in
      lines([method]).map { line in
        [method.id, method.parameters, line.rule]
          + [
            line.score?.mean, line.gain?.mean, line.gain?.interval?.low,
            line.gain?.interval?.high, line.below, line.price?.mean, line.price?.interval?.low,
            line.price?.interval?.high, line.correlation,
          ].map(CSV.number)
      }
    }
    return CSV.text([header] + rows)
  }

  private struct JSONLine: Encodable {
    let method: String
    let parameters: String
    let selection: String
    let score: Double?
    let gain: Double?
    let belowReference: Double?
    let price: Double?
    let rankCorrelation: Double?
  }

  private func json() throws -> String {
    try JSON.text(
      methods.flatMap { method in
        lines([method]).map { line in
          JSONLine(
            method: method.id, parameters: method.parameters, selection: line.rule,
            score: line.score?.mean, gain: line.gain?.mean, belowReference: line.below,
            price: line.price?.mean, rankCorrelation: line.correlation)
        }
      })
  }
}
