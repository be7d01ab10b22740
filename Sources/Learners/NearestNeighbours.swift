public import LinearAlgebra
public import Randomness

/// The k nearest neighbours' vote.
///
/// T. M. Cover, P. E. Hart. "Nearest neighbor pattern classification." IEEE Transactions on
/// Information Theory 13, 1967.
///
/// ```
/// p_c(x) = |{i among the k nearest of x : y_i = c}| / k   (1)
/// ```
///
/// Distances are Euclidean and exact to the last bit (`NeighbourSearch`); of points equally far
/// the lower training index is the nearer. Classes with equally many votes have equal
/// probabilities, of which the lowest class is predicted.
///
/// - Complexity: nothing to fit, O(n d) a sample to predict.
public struct NearestNeighbours: Learner {
  /// k, the number of neighbours that vote; all samples where there are fewer.
  public var count = 5

  /// The learner with k neighbours.
  public init(count: Int = 5) {
    precondition(count > 0, "At least one neighbour votes.")
    self.count = count
  }

  /// Stores the samples; the key is not drawn from.
  ///
  /// - Throws: `weightsUnsupported` where there are weights, `noSamples` or `notFinite`.
  public func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]?, key: RandomKey
  ) throws(LearnerError) -> NearestNeighboursModel {
    guard weights == nil else { throw .weightsUnsupported(learner: count == 1 ? "1-nn" : "k-nn") }
    _ = try TrainingSet(features: features, labels: labels, classCount: classCount)
    return NearestNeighboursModel(
      search: NeighbourSearch(points: features), labels: labels, classCount: classCount,
      count: count)
  }
}

/// The classifier that asks the nearest training samples.
public struct NearestNeighboursModel: Classifier {
  /// The search among the training samples.
  public let search: NeighbourSearch
  /// The class of each training sample.
  public let labels: [Int]
  /// C, the number of classes of the task.
  public let classCount: Int
  /// k, the number of neighbours that vote.
  public let count: Int

  /// The class probabilities of n samples, n × C: the shares of the votes. (1)
  public func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    var shares = Matrix<Double>(rows: features.rows, columns: classCount)
    for (row, neighbours) in search.nearest(count, to: features).enumerated() {
      for neighbour in neighbours { shares[row, labels[neighbour.index]] += 1 }
      for column in 0..<classCount { shares[row, column] /= Double(neighbours.count) }
    }
    return shares
  }
}
