import Domains
import Foundation
import LinearAlgebra
import Metrics

/// The labels and groups of a pair, opened only to score predictions.
struct PairTruth: Sendable, Codable {
  let checksum: String
  let classes: [String]
  private let source: SealedLabels
  private let target: SealedLabels

  /// Seals the truth of a pair.
  init(_ pair: DomainPair) {
    checksum = pair.checksum
    classes = pair.classes
    source = SealedLabels(pair.source)
    target = SealedLabels(pair.target)
  }

  /// The names of the pair's sensitive attributes, of their intersections, and of their levels.
  var groups: [Domain.Group] { target.selecting(rows: []).groups }

  /// The predictions beside the target's labels.
  func evaluation(of predictions: CellPredictions) -> Evaluation {
    let (labels, groups) = target.selecting(rows: predictions.rows)
    if predictions.clusters.isEmpty {
      return Evaluation(
        labels: labels, classCount: classes.count,
        predictions: table(predictions.probabilities, rows: labels.count), groups: groups,
        leastGroupCount: GroupIntersections.leastCount)
    }
    return Evaluation(
      labels: labels, classCount: classes.count, clusters: predictions.clusters.map(Int.init),
      groups: groups, leastGroupCount: GroupIntersections.leastCount)
  }

  /// The source model's predictions beside the source's labels; nil where there are none.
  func sourceEvaluation(of predictions: CellPredictions) -> Evaluation? {
    guard !predictions.sourceRows.isEmpty else { return nil }
    let (labels, groups) = source.selecting(rows: predictions.sourceRows)
    return Evaluation(
      labels: labels, classCount: classes.count,
      predictions: table(predictions.sourceProbabilities, rows: labels.count), groups: groups,
      leastGroupCount: GroupIntersections.leastCount)
  }

  /// The target's labels at those rows: for an oracle alone.
  func targetLabels(_ rows: [Int32]) -> [Int] { target.selecting(rows: rows).labels }

  private func table(_ probabilities: [Double], rows: Int) -> Predictions {
    Predictions(
      probabilities: Matrix(rows: rows, columns: classes.count, elements: probabilities))
  }
}

/// The labels and groups of one domain.
private struct SealedLabels: Sendable, Codable {
  struct Group: Sendable, Codable {
    let name: String
    let levels: [String]
    let members: [Int]
  }

  let labels: [Int]
  let groups: [Group]

  init(_ domain: Domain) {
    labels = domain.labels
    let all = domain.groups + GroupIntersections.all(of: domain.groups)
    groups = all.map { Group(name: $0.name, levels: $0.levels, members: $0.members) }
  }

  func selecting(rows: [Int32]) -> (labels: [Int], groups: [Domain.Group]) {
    let rows = rows.map(Int.init)
    return (
      rows.map { labels[$0] },
      groups.map {
        Domain.Group(name: $0.name, levels: $0.levels, members: $0.members)
          .selecting(rows: rows)
      }
    )
  }
}
