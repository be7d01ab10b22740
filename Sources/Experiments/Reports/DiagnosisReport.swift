import Domains
import Foundation
import Methods
import Metrics

/// Diagnoses as text: a table for each target, with its sources side by side.
public struct DiagnosisReport: Sendable {
  private let diagnoses: [Diagnosis]
  private let forecast: Forecast?

  /// The report of diagnoses, and of how well they foretold what came.
  public init(_ diagnoses: [Diagnosis], forecast: Forecast? = nil) {
    self.diagnoses = diagnoses
    self.forecast = forecast
  }

  /// The report in one of the formats; CSV and JSON hold one observation a row.
  ///
  /// - Throws: an `EncodingError` where JSON has no word for a number.
  public func text(_ format: TableFormat) throws -> String {
    let tables = diagnoses.byTarget.map(Self.table) + (forecast.map(Self.tables) ?? [])
    switch format {
    case .table: return tables.map { $0.aligned() }.joined(separator: "\n")
    case .markdown: return tables.map(\.markdown).joined(separator: "\n")
    case .latex: return tables.map(\.latex).joined(separator: "\n")
    case .csv: return csv
    case .json: return try json()
    }
  }

  /// The columns of `diagnosis.csv`.
  public static let columns = [
    "dataset", "source", "target", "measure", "value", "p_value", "ci_low", "ci_high",
    "needs_labels",
  ]

  /// `diagnosis.csv`: a row for each pair and measure, empty where there is no value.
  public var csv: String {
    CSV.text(
      [Self.columns]
        + diagnoses.flatMap { diagnosis in
          diagnosis.entries.map { entry in
            [
              diagnosis.pair.dataset, diagnosis.pair.source, diagnosis.pair.target,
              entry.measure.id, CSV.number(entry.value?.value), CSV.number(entry.value?.pValue),
              CSV.number(entry.value?.interval?.lowerBound),
              CSV.number(entry.value?.interval?.upperBound), entry.measure.labels.rawValue,
            ]
          }
        })
  }

  /// `forecast.csv`: a row for each data set, measure, method and outcome; nil without gains.
  public var forecastCSV: String? {
    guard let forecast else { return nil }
    let header = [
      "dataset", "measure", "needs_labels", "method", "outcome", "pairs", "tau", "regret",
    ]
    return CSV.text(
      [header]
        + forecast.lines.map { line in
          [
            line.dataset ?? "all", line.measure.id, line.measure.labels.rawValue,
            line.method ?? "mean", line.outcome.rawValue, String(line.pairs),
            CSV.number(line.tau), CSV.number(line.regret),
          ]
        })
  }

  /// One target: a row a measure, a column a source, and which source each measure prefers.
  private static func table(_ group: [Diagnosis]) -> TextTable {
    let isRanked = group.count > 1
    var wins = [Int](repeating: 0, count: group.count)
    var rows = (group.first?.entries.map(\.measure) ?? []).map { measure in
      let preferred = group.preferred(by: measure)
      if let place = group.firstIndex(where: { $0.pair == preferred }) { wins[place] += 1 }
      let cells = group.flatMap { diagnosis in
        let value = diagnosis.entries.first { $0.measure.id == measure.id }?.value
        return [value.map { number($0.value) } ?? "", value.map(uncertainty) ?? ""]
      }
      return [measure.id, needs(measure.labels)] + cells
        + (isRanked ? [preferred?.source ?? ""] : [])
    }
    let sources = group.flatMap { [$0.pair.source, "p or 95%"] }
    if isRanked, let most = wins.max(), let best = wins.firstIndex(of: most) {
      let votes = wins.flatMap { ["\($0)", ""] }
      rows.append(["preferred by", ""] + votes + [group[best].pair.source])
    }
    let pair = group[0].pair
    return TextTable(
      title: "\(pair.dataset), target \(pair.target)",
      header: ["measure", "labels"] + sources + (isRanked ? ["prefers"] : []), rows: rows,
      numbers: Set(2..<2 + 2 * group.count))
  }

  private static func needs(_ labels: DiagnosticMeasure.Labels) -> String {
    switch labels {
    case .none: "none"
    case .source: "source"
    case .target: "target"
    }
  }

  /// How well the measures foretold: a table for each scope.
  private static func tables(_ forecast: Forecast) -> [TextTable] {
    forecast.scopes.compactMap { scope in
      let lines = forecast.lines.filter { $0.dataset == scope }
      guard let first = lines.first, lines.contains(where: { $0.tau != nil }) else { return nil }
      var measures: [DiagnosticMeasure] = []
      for line in lines where !measures.contains(where: { $0.id == line.measure.id }) {
        measures.append(line.measure)
      }
      func line(
        _ measure: DiagnosticMeasure, _ outcome: Forecast.Outcome, _ method: String?
      ) -> Forecast.Line? {
        lines.first {
          $0.measure.id == measure.id && $0.outcome == outcome && $0.method == method
        }
      }
      let all = forecast.methods.filter { method in
        lines.contains { $0.method == method && $0.outcome == .gain }
      }
      let gaining = all.count > largestColumns ? [] : all
      let source = forecast.methods.filter {
        !all.contains($0) && $0.hasPrefix(MethodRegistry.sourceModelID)
      }.prefix(1)
      var rows = measures.map { measure in
        let means = Forecast.Outcome.allCases.flatMap { outcome -> [String] in
          let found = line(measure, outcome, nil)
          return [tau(found?.tau), points(found?.regret)]
        }
        return [measure.id, needs(measure.labels)] + means
          + source.map { tau(line(measure, .score, $0)?.tau) }
          + gaining.map { tau(line(measure, .gain, $0)?.tau) }
      }
      func chance(_ outcome: Forecast.Outcome) -> String {
        points(
          forecast.chance.first { $0.dataset == scope && $0.outcome == outcome }?.regret)
      }
      rows.append(
        ["a source at random", "", "", chance(.score), "", chance(.gain)]
          + (source + gaining).map { _ in "" })
      let header =
        ["measure", "labels", "τ score", "regret", "τ gain", "regret"]
        + source.map { _ in "source-only score" } + gaining.map { "\($0) gain" }
      return TextTable(
        title: "What came, \(scope ?? "all data sets"), \(first.pairs) pairs: Kendall's weighted τ "
          + "with the mean score and gain of the methods, and the points lost by each choice of "
          + "source",
        header: header, rows: rows, numbers: Set(2..<header.count))
    }
  }

  /// How many methods have a column of their own at most; `forecast.csv` has all of any number.
  private static let largestColumns = 6

  /// Three significant digits.
  private static func number(_ value: Double) -> String {
    let size = abs(value)
    if size != 0, size < 1e-3 || size >= 1e5 { return String(format: "%.1e", value) }
    let decimals = size > 0 ? max(0, 2 - Int(log10(size).rounded(.down))) : 0
    let text = String(format: "%.\(decimals)f", value)
    return text.contains { "123456789".contains($0) } ? text : "0"
  }

  private static func uncertainty(_ value: MeasuredValue) -> String {
    if let interval = value.interval {
      return "[\(number(interval.lowerBound)), \(number(interval.upperBound))]"
    }
    guard let pValue = value.pValue else { return "" }
    if pValue < 0.0005 { return "p<.001" }
    return pValue > 0.9995 ? "p=1" : "p=" + String(format: "%.3f", pValue).dropFirst()
  }

  private static func tau(_ value: Double?) -> String {
    value.map { abs($0) < 0.005 ? "0.00" : String(format: "%+.2f", $0) } ?? ""
  }

  private static func points(_ value: Double?) -> String {
    value.map { String(format: "%.1f", 100 * $0) } ?? ""
  }

  private struct Row: Encodable {
    let dataset: String
    let source: String
    let target: String
    let measure: String
    let value: Double?
    let pValue: Double?
    let ciLow: Double?
    let ciHigh: Double?
    let needsLabels: String
  }

  private struct ForecastRow: Encodable {
    let dataset: String
    let measure: String
    let method: String
    let outcome: String
    let pairs: Int
    let tau: Double?
    let regret: Double?
  }

  private struct Document: Encodable {
    let diagnosis: [Row]
    let forecast: [ForecastRow]?
  }

  private func json() throws -> String {
    try JSON.text(
      Document(
        diagnosis: diagnoses.flatMap { diagnosis in
          diagnosis.entries.map { entry in
            Row(
              dataset: diagnosis.pair.dataset, source: diagnosis.pair.source,
              target: diagnosis.pair.target, measure: entry.measure.id,
              value: entry.value?.value, pValue: entry.value?.pValue,
              ciLow: entry.value?.interval?.lowerBound,
              ciHigh: entry.value?.interval?.upperBound,
              needsLabels: entry.measure.labels.rawValue)
          }
        },
        forecast: forecast?.lines.map { line in
          ForecastRow(
            dataset: line.dataset ?? "all", measure: line.measure.id, method: line.method ?? "mean",
            outcome: line.outcome.rawValue, pairs: line.pairs, tau: line.tau, regret: line.regret)
        }))
  }
}
