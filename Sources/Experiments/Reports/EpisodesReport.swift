import Domains
import Foundation
import Methods
import Metrics
import Parameters

/// Accuracies on episodes as text: a table for each pair, with a column for each number of shots.
public struct EpisodesReport: Sendable {
  private let results: [EpisodicResult]
  private let seed: UInt64

  /// The report of results, pair after pair.
  public init(_ results: [EpisodicResult], seed: UInt64) {
    self.results = results
    self.seed = seed
  }

  /// The report in one of the formats; CSV and JSON hold one observation a row.
  ///
  /// - Throws: an `EncodingError` where JSON has no word for a number.
  public func text(_ format: TableFormat) throws -> String {
    switch format {
    case .table: tables.map { $0.aligned() }.joined(separator: "\n")
    case .markdown: tables.map(\.markdown).joined(separator: "\n")
    case .latex: tables.map(\.latex).joined(separator: "\n")
    case .csv: csv
    case .json: try JSON.text(results.map { Row($0, seed) })
    }
  }

  /// The columns of `episodes.csv`.
  public static let columns = [
    "dataset", "source", "target", "method", "family", "parameters", "ways", "shots", "queries",
    "episodes", "seed", "accuracy", "sd", "ci_low", "ci_high",
  ]

  /// `episodes.csv`: a row for each pair, method and number of shots, without numbers where the
  /// method could not be fitted.
  public var csv: String {
    CSV.text(
      [Self.columns]
        + results.map { result in
          let row = Row(result, seed)
          return [
            row.dataset, row.source, row.target, row.method, row.family, row.parameters,
            String(row.ways), String(row.shots), String(row.queries), String(row.episodes),
            String(row.seed), CSV.number(row.accuracy), CSV.number(row.sd),
            CSV.number(row.ciLow), CSV.number(row.ciHigh),
          ]
        })
  }

  private var tables: [TextTable] {
    var pairs: [PairID] = []
    for result in results where !pairs.contains(result.pair) { pairs.append(result.pair) }
    return pairs.compactMap { pair in table(results.filter { $0.pair == pair }) }
  }

  /// One pair: a row for each method, a column for each number of shots.
  private func table(_ results: [EpisodicResult]) -> TextTable? {
    guard let first = results.first else { return nil }
    var (methods, shots) = ([PlannedMethod](), [Int]())
    for result in results {
      if !methods.contains(result.method) { methods.append(result.method) }
      if !shots.contains(result.shape.shots) { shots.append(result.shape.shots) }
    }
    let intervals = methods.map { method in
      shots.map { count in
        results.first { $0.method == method && $0.shape.shots == count }?.interval
      }
    }
    let best = shots.indices.map { column in intervals.compactMap { $0[column]?.mean }.max() }
    let episodes = results.compactMap { try? $0.accuracies.get().count }.max() ?? 0
    return TextTable(
      title: "\(first.pair), \(first.shape.ways)-way, \(first.shape.queries) queries of each "
        + "class, \(episodes) episodes: accuracy in % with its interval at 95 %",
      header: ["method"] + shots.map { "\($0)-shot" },
      rows: zip(methods, intervals).map { [Self.name($0)] + $1.map(Self.entry) },
      numbers: Set(1...shots.count),
      isBold: { row, column in
        guard column > 0, let mean = intervals[row][column - 1]?.mean else { return false }
        return mean == best[column - 1]
      })
  }

  /// The method's id, with the hyperparameters that aren't at their defaults.
  private static func name(_ method: PlannedMethod) -> String {
    ([method.id] + method.changes.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
  }

  private static func entry(_ interval: StudentInterval?) -> String {
    interval.map {
      String(format: "%.2f ± %.2f", 100 * $0.mean, 100 * ($0.high - $0.mean))
    } ?? ""
  }

  private struct Row: Encodable {
    let dataset: String
    let source: String
    let target: String
    let method: String
    let family: String
    let parameters: String
    let ways: Int
    let shots: Int
    let queries: Int
    let episodes: Int
    let seed: UInt64
    let accuracy: Double?
    let sd: Double?
    let ciLow: Double?
    let ciHigh: Double?

    init(_ result: EpisodicResult, _ seed: UInt64) {
      let accuracies = (try? result.accuracies.get()) ?? []
      let interval = result.interval
      dataset = result.pair.dataset
      source = result.pair.source
      target = result.pair.target
      method = result.method.id
      family = result.method.entry.card.family.name
      parameters = result.method.parameters
      ways = result.shape.ways
      shots = result.shape.shots
      queries = result.shape.queries
      episodes = accuracies.count
      self.seed = seed
      accuracy = interval?.mean
      sd = interval?.standardDeviation
      ciLow = interval?.low
      ciHigh = interval?.high
    }
  }
}
