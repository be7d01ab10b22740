import Domains
import Foundation
import LinearAlgebra
import Metrics
import Randomness
import TestSupport
import Testing

/// The values that Scripts/golden/metrics.py recorded.
struct Golden: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let labels: [Int]
    let classCount: Int
    let probabilities: [Double]?
    let clusters: [Int]?
    let weights: [Double]
    let members: [Int]?
    let levels: Int?
    let least: Int?
    let scores: [String: Double?]
    let classScores: [String: [Double?]]?
    /// Weight, mean confidence and accuracy of each bin.
    let reliability: [String: [[Double?]]]?
    let groupScores: [String: Double?]?

    var testDescription: String { name }

    var evaluation: Evaluation {
      if let clusters {
        return Evaluation(
          labels: labels, classCount: classCount, clusters: clusters, groups: groups)
      }
      let probabilities = Matrix(
        rows: labels.count, columns: classCount, elements: probabilities ?? [])
      return Evaluation(
        labels: labels, classCount: classCount,
        predictions: Predictions(probabilities: probabilities), groups: groups,
        leastGroupCount: least ?? 1)
    }

    var groups: [Domain.Group] {
      guard let members, let levels else { return [] }
      return [Domain.Group(name: "g", levels: (0..<levels).map { "l\($0)" }, members: members)]
    }
  }

  struct Assignment: Decodable {
    let rows: Int
    let columns: Int
    let gains: [Double]
    let best: Double
  }

  struct Flips: Decodable {
    let negative: Int
    let positive: Int
    let pValue: Double
  }

  struct Interval: Decodable {
    let values: [Double]
    let level: Double
    let low: Double
    let high: Double
  }

  struct Curve: Decodable {
    let shots: [Int]
    let scores: [Double]
    let area: Double
    let thresholds: [Double]
    let reached: [Double?]
  }

  let cases: [Case]
  let assignments: [Assignment]
  let flips: [Flips]
  let intervals: [Interval]
  let curves: [Curve]

  static func read() throws -> Golden {
    let file = Fixtures.golden("metrics.json", of: "MetricsTests")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

/// Whether two values agree to 1e-9, absolutely below 1 and relatively above.
func agrees(_ value: Double?, _ expected: Double?) -> Bool {
  guard let value, let expected else { return value == nil && expected == nil }
  return abs(value - expected) <= 1e-9 * max(1, abs(expected))
}

/// A classifier's evaluation with the given probability of class 1 of two.
func binary(
  _ labels: [Int], positive: [Double], groups: [Domain.Group] = []
) -> Evaluation {
  Evaluation(
    labels: labels, classCount: 2,
    predictions: Predictions(probabilities: Matrix(positive.map { [1 - $0, $0] })), groups: groups)
}

/// A classifier's evaluation that is certain of the given classes.
func certain(
  _ labels: [Int], _ predicted: [Int], classCount: Int, groups: [Domain.Group] = []
) -> Evaluation {
  let rows = predicted.map { predicted in (0..<classCount).map { $0 == predicted ? 1.0 : 0 } }
  return Evaluation(
    labels: labels, classCount: classCount,
    predictions: Predictions(
      probabilities: Matrix(
        rows: labels.count, columns: classCount, elements: Array(rows.joined()))),
    groups: groups)
}

/// A random classifier's evaluation of n samples, with an attribute `sex` of two levels.
///
/// Probabilities have two decimals, so that there are ties.
func random(_ count: Int, classCount: Int, skill: Double = 1, key: RandomKey) -> Evaluation {
  var stream = RandomStream(key)
  var labels: [Int] = []
  var rows: [[Double]] = []
  var members: [Int] = []
  for _ in 0..<count {
    let label = stream.integer(below: classCount)
    var row = (0..<classCount).map { _ in (100 * stream.uniform()).rounded() + 1 }
    row[label] += (100 * skill * stream.uniform()).rounded()
    let sum = row.reduce(0, +)
    labels.append(label)
    rows.append(row.map { $0 / sum })
    members.append(stream.integer(below: 2))
  }
  return Evaluation(
    labels: labels, classCount: classCount,
    predictions: Predictions(probabilities: Matrix(rows)),
    groups: [Domain.Group(name: "sex", levels: ["female", "male"], members: members)])
}

/// A clustering of the same samples: their predicted classes as clusters.
func clustering(of evaluation: Evaluation) -> Evaluation {
  Evaluation(
    labels: evaluation.labels, classCount: evaluation.classCount,
    clusters: evaluation.predictedClasses, groups: evaluation.groups)
}

/// The evaluation of the samples at these rows; a row may stand more than once.
func selecting(_ evaluation: Evaluation, rows: [Int]) -> Evaluation {
  let labels = rows.map { evaluation.labels[$0] }
  let groups = evaluation.groups.map { $0.selecting(rows: rows) }
  if let clusters = evaluation.clusters {
    return Evaluation(
      labels: labels, classCount: evaluation.classCount, clusters: rows.map { clusters[$0] },
      groups: groups)
  }
  let probabilities =
    evaluation.probabilities?.selecting(rows: rows)
    ?? Matrix(rows: 0, columns: evaluation.classCount)
  return Evaluation(
    labels: labels, classCount: evaluation.classCount,
    predictions: Predictions(probabilities: probabilities), groups: groups)
}
