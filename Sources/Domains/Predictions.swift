public import LinearAlgebra

/// What a classifier says of n samples: a probability for each class.
public struct Predictions: Sendable, Hashable {
  /// The class probabilities, n × C; each row sums to 1.
  public let probabilities: Matrix<Double>
  /// The predicted class of each sample: the most probable, the lowest index on ties.
  public let classes: [Int]

  /// Predictions from class probabilities, n × C.
  public init(probabilities: Matrix<Double>) {
    self.probabilities = probabilities
    self.classes = (0..<probabilities.rows).map { row in
      let entries = probabilities.row(row)
      var best = entries.startIndex
      for index in entries.indices where entries[index] > entries[best] { best = index }
      return best - entries.startIndex
    }
  }
}
