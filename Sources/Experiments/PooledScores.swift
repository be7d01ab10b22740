import Domains
import Metrics

/// One row of `classes.csv`: a method on one class of a pair, over the repetitions.
struct ClassRow: Sendable {
  let pair: PairID
  let method: PlannedMethod
  /// The class's name.
  let name: String
  /// The number of repetitions that test on samples of the class.
  let repetitions: Int
  /// The number of these samples, over all repetitions.
  let samples: Int
  /// Means over the repetitions where they are defined; nil where they are in none.
  let precision: Double?
  let recall: Double?
  let f1: Double?
  /// The id of the method that the gain is over; nil where there is none.
  let reference: String?
  /// The recall less the reference's: mean, and Student's t interval over repetitions.
  let gain: PairedResult?
  /// In how many repetitions the class was made worse.
  let worse: Int?
}

/// One row of `confusion.csv`: how many samples of one class were predicted as another, over all
/// repetitions; a count of 0 has no row.
struct ConfusionRow: Sendable {
  let pair: PairID
  let method: PlannedMethod
  let label: String
  /// Empty for a cluster that is matched to no class.
  let predicted: String
  let count: Int
}

/// One row of `reliability.csv`: one bin of the reliability curve of all repetitions together; an
/// empty bin has no row.
struct ReliabilityRow: Sendable {
  let pair: PairID
  let method: PlannedMethod
  let binning: ReliabilityCurve.Binning
  let bin: Int
  let values: ReliabilityCurve.Bin
}

/// What is told of classes and of confidences, over the repetitions of a method on a pair.
struct PooledScores: Sendable {
  var classes: [ClassRow] = []
  var confusion: [ConfusionRow] = []
  var reliability: [ReliabilityRow] = []

  /// Nothing.
  init() {}

  /// The scores of the cells that completed; `references` are those that they are measured
  /// against, by repetition.
  init(
    pair: PairID, method: PlannedMethod, cells: [ScoredCell], reference: String?,
    references: [ScoredCell?]
  ) {
    guard let first = cells.first else { return }
    let names = first.truth.classes
    let matrices = cells.map {
      ConfusionMatrix($0.evaluation, weights: $0.evaluation.unitWeights)
    }
    let gains = cells.map { cell -> [Double?] in
      guard let other = references.first(where: { $0?.cell.repetition == cell.cell.repetition })
      else { return [] }
      guard let other else { return [] }
      let (own, paired) = cell.paired(with: other)
      return NegativeTransfer.recallGains(
        method: own.evaluation, reference: paired.evaluation, weights: own.evaluation.unitWeights)
    }
    let marginals = matrices.map(\.trueMarginals)
    let scores = matrices.map { ($0.precisions, $0.recalls, $0.f1Scores) }
    for (label, name) in names.enumerated() {
      let gains = gains.compactMap { $0.isEmpty ? nil : $0[label] }
      classes.append(
        ClassRow(
          pair: pair, method: method, name: name,
          repetitions: marginals.filter { $0[label] > 0 }.count,
          samples: Int(marginals.reduce(0) { $0 + $1[label] }),
          precision: Self.mean(scores.compactMap { $0.0[label] }),
          recall: Self.mean(scores.compactMap { $0.1[label] }),
          f1: Self.mean(scores.compactMap { $0.2[label] }),
          reference: gains.isEmpty ? nil : reference,
          gain: gains.isEmpty ? nil : PairedResult(values: gains),
          worse: gains.isEmpty ? nil : gains.filter { $0 < 0 }.count))
      for (predicted, other) in (names + [""]).enumerated() {
        let count = Int(matrices.reduce(0) { $0 + $1.count(label, predicted) })
        if count > 0 {
          confusion.append(
            ConfusionRow(pair: pair, method: method, label: name, predicted: other, count: count))
        }
      }
    }
    for binning in ReliabilityCurve.Binning.allCases {
      let curve = ReliabilityCurve(pooling: cells.map(\.evaluation), binning: binning)
      for (bin, values) in (curve?.bins ?? []).enumerated() where values.count > 0 {
        reliability.append(
          ReliabilityRow(pair: pair, method: method, binning: binning, bin: bin, values: values))
      }
    }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : PairedResult(values: values).mean
  }

  static func += (left: inout PooledScores, right: PooledScores) {
    left.classes += right.classes
    left.confusion += right.confusion
    left.reliability += right.reliability
  }
}
