public import LinearAlgebra

/// A classifier whose score of each class is an affine function of the features.
///
/// ```
/// s_c(x) = w_cᵀ x + b_c                                   (1)
/// p_c(x) = exp s_c(x) / Σ_k exp s_k(x)                    (2)
/// ```
///
/// The sums run over the classes that had a training sample; the others have probability 0.
public struct LinearClassifier: Classifier, Hashable {
  /// The weights, C × d; zeros in the row of a class that can't be named.
  public let weights: Matrix<Double>
  /// The intercepts, one a class; 0 for a class that can't be named.
  public let intercepts: [Double]
  /// The classes that can be named, ascending.
  public let classes: [Int]

  /// A classifier of C × d weights and C intercepts that names only `classes`.
  public init(weights: Matrix<Double>, intercepts: [Double], classes: [Int]) {
    precondition(
      weights.rows == intercepts.count, "A linear classifier has one intercept for each class.")
    precondition(
      !classes.isEmpty && classes.allSatisfy { (0..<weights.rows).contains($0) },
      "The classes of a linear classifier lie among the rows of its weights.")
    self.weights = weights
    self.intercepts = intercepts
    self.classes = classes
  }

  /// C, the number of classes of the task.
  public var classCount: Int { weights.rows }

  /// The scores of n samples, n × C; −∞ for a class that can't be named.
  public func scores(of features: Matrix<Double>) -> Matrix<Double> {
    var scores = features.multiplied(by: weights, transposingOther: true)  // (1)
      .adding(row: intercepts)
    if classes.count < classCount {
      var absent = Array(repeating: true, count: classCount)
      for present in classes { absent[present] = false }
      for column in 0..<classCount where absent[column] {
        for row in 0..<scores.rows { scores[row, column] = -.infinity }
      }
    }
    return scores
  }

  /// The class probabilities of n samples, n × C, by (2).
  public func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    scores(of: features).rowSoftmax
  }
}
