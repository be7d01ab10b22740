public import LinearAlgebra
public import Randomness

/// The k nearest neighbours' vote.
///
/// T. M. Cover, P. E. Hart. "Nearest neighbor pattern classification." IEEE Transactions on
/// Information Theory 13, 1967.
///
/// ```
/// p_c(x) = Σ_i a_i [y_i = c] / Σ_i a_i   over the k nearest i of x   (1)
/// ```
///
/// a_i are the samples' weights, 1 where none are given; a sample of weight 0 is left out. With k = 1
/// they would change nothing else, and are refused.
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
  /// - Throws: `weightsUnsupported` where k = 1 and there are weights, `noSamples`, `unusableWeights` or
  ///   `notFinite`.
  public func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]?, key: RandomKey
  ) throws(LearnerError) -> NearestNeighboursModel {
    guard weights == nil || count > 1 else { throw .weightsUnsupported(learner: "1-nn") }
    let training = try TrainingSet(
      features: features, labels: labels, classCount: classCount, weights: weights)
    return NearestNeighboursModel(
      search: NeighbourSearch(points: training.features),
      labels: training.labels.map { training.classes[$0] }, weights: training.weights,
      classCount: classCount, count: count)
  }
}

/// The classifier that asks the nearest training samples.
public struct NearestNeighboursModel: Classifier {
  /// The search among the training samples.
  public let search: NeighbourSearch
  /// The class of each training sample.
  public let labels: [Int]
  /// a, the weight of each training sample; nil where every one counts as 1.
  public let weights: [Double]?
  /// C, the number of classes of the task.
  public let classCount: Int
  /// k, the number of neighbours that vote.
  public let count: Int

  /// The class probabilities of n samples, n × C: the shares of the votes. (1)
  public func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    var shares = Matrix<Double>(rows: features.rows, columns: classCount)
    if count == 1 {
      for (row, index) in search.nearest(to: features).enumerated() {
        shares[row, labels[index]] = 1
      }
      return shares
    }
    for (row, neighbours) in search.nearest(count, to: features).enumerated() {
      let total = neighbours.reduce(0) { $0 + (weights?[$1.index] ?? 1) }
      for neighbour in neighbours {
        shares[row, labels[neighbour.index]] += weights?[neighbour.index] ?? 1
      }
      for column in 0..<classCount { shares[row, column] /= total }
    }
    return shares
  }
}
