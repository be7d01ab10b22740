import Foundation
import TestSupport

/// The values that Scripts/golden/statistics.py recorded.
struct StatisticsGolden: Decodable {
  struct SignedRanks: Decodable {
    let differences: [Double]
    let count: Int
    let positiveRanks: Double
    let pValue: Double
    let signPValue: Double
  }

  struct Friedman: Decodable {
    let blocks: [[Double]]
    let chiSquared: Double
    let pValue: Double
    let fisher: Double
    let fisherPValue: Double
    let meanRanks: [Double]
  }

  struct Range: Decodable {
    let variables: Int
    let range: Double
    let tail: Double
  }

  struct Critical: Decodable {
    let methods: Int
    let blocks: Int
    let level: Double
    let difference: Double
  }

  struct Holm: Decodable {
    let pValues: [Double]
    let adjusted: [Double]
  }

  struct Dominance: Decodable {
    let values: [Double]
    let others: [Double]
    let probability: Double
    let delta: Double
  }

  struct Trimmed: Decodable {
    let values: [Double]
    let mean: Double
  }

  struct Bootstrap: Decodable {
    let draws: [Double]
    let estimate: Double
    let leaveOneOut: [Double]
    let intervals: [String: [Double]]
  }

  let signedRanks: [SignedRanks]
  let friedman: [Friedman]
  let ranges: [Range]
  let critical: [Critical]
  let holm: [Holm]
  let dominance: [Dominance]
  let trimmed: [Trimmed]
  let bootstrap: [Bootstrap]
  /// Table 5 of Demšar (2006) by level, for 2 methods and more.
  let published: [String: [Double]]

  static func read() throws -> StatisticsGolden {
    let file = Fixtures.golden("statistics.json", of: "MetricsTests")
    return try JSONDecoder().decode(StatisticsGolden.self, from: Data(contentsOf: file))
  }
}
