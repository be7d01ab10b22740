import Learners
import LinearAlgebra
import Randomness

/// Samples that bear a share of each class, in the form that learners take.
struct SharedLabels {
  let features: Matrix<Double>
  let labels: [Int]
  /// nil where each sample stands once.
  let weights: [Double]?
  let classCount: Int

  /// Samples of n × d features and n × C shares, the rows of which have sum 1.
  ///
  /// Weighed, each sample stands once for every class of which it has at least 1e-6 of the largest
  /// share, with the share as weight; else it stands in its largest class.
  init(features: Matrix<Double>, shares: Matrix<Double>, weighed: Bool) {
    var rows: [Int] = []
    var labels: [Int] = []
    var weights: [Double] = []
    let floor = 1e-6 * (shares.elements.max() ?? 0)
    for row in 0..<shares.rows {
      if weighed {
        for (label, share) in shares.row(row).enumerated() where share > floor {
          rows.append(row)
          labels.append(label)
          weights.append(share)
        }
      } else {
        labels.append(shares.largestColumn(row))
      }
    }
    self.features = weighed ? features.selecting(rows: rows) : features
    self.labels = labels
    self.weights = weighed ? weights : nil
    classCount = shares.columns
  }
}

extension LearnerChoice {
  /// Fits the learner to samples that bear a share of each class, n × C; weighed if it can.
  ///
  /// A sample then stands once for each of its classes, which would crowd all others out of the votes of
  /// its nearest neighbours: those take the largest share as the class.
  func fit(
    features: Matrix<Double>, shares: Matrix<Double>, key: RandomKey
  ) throws(MethodError) -> any Classifier {
    let sample = SharedLabels(
      features: features, shares: shares, weighed: usesWeights && self != .nearestNeighbours)
    return try MethodError.learning { () throws(LearnerError) in
      try fit(
        features: sample.features, labels: sample.labels, classCount: sample.classCount,
        weights: sample.weights, key: key)
    }
  }
}

extension Matrix<Double> {
  /// The column of a row's largest entry, the first of equal ones.
  func largestColumn(_ row: Int) -> Int {
    var best = 0
    for column in 1..<Swift.max(columns, 1) where self[row, column] > self[row, best] {
      best = column
    }
    return best
  }

  /// Each row divided by its sum, and even where the sum is 0.
  var rowsAsShares: Matrix<Double> {
    let sums = rowSums
    var result = scaled(rows: sums.map { $0 > 0 ? 1 / $0 : 0 })
    for row in 0..<rows where !(sums[row] > 0) {
      for column in 0..<columns { result[row, column] = 1 / Double(columns) }
    }
    return result
  }
}
