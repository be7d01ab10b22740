public import LinearAlgebra
public import Randomness

/// Nearest class mean.
///
/// The minimum-distance classifier, the naive Bayes of classes with one spherical covariance:
///
/// ```
/// μ_c = Σ_{y_i = c} a_i x_i / Σ_{y_i = c} a_i             (1)
/// p_c(x) = exp(−‖x − μ_c‖²) / Σ_k exp(−‖x − μ_k‖²)        (2)
/// ```
///
/// a_i are the sample weights. The most probable class is the nearest mean's.
///
/// - Complexity: O(n d) to fit, O(C d) a sample to predict.
public struct NearestMean: Learner {
  /// The learner; it has no settings.
  public init() {}

  /// Computes the class means; the key is not drawn from.
  ///
  /// - Throws: `noSamples`, `unusableWeights` or `notFinite`.
  public func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]?, key: RandomKey
  ) throws(LearnerError) -> NearestMeanModel {
    let training = try TrainingSet(
      features: features, labels: labels, classCount: classCount, weights: weights)
    let weights = training.weights ?? Array(repeating: 1, count: training.labels.count)
    var totals = [Double](repeating: 0, count: training.classes.count)
    for (label, weight) in zip(training.labels, weights) { totals[label] += weight }
    var shares = Matrix<Double>(rows: training.classes.count, columns: training.labels.count)
    for (row, label) in training.labels.enumerated() {
      shares[label, row] = weights[row] / totals[label]
    }
    return NearestMeanModel(
      means: shares * training.features, classes: training.classes, classCount: classCount)  // (1)
  }
}

/// The classifier that names the class of the nearest mean.
public struct NearestMeanModel: Classifier, Hashable {
  /// The means of the p classes that can be named, p × d.
  public let means: Matrix<Double>
  /// The class of each mean, ascending.
  public let classes: [Int]
  /// C, the number of classes of the task.
  public let classCount: Int

  /// A classifier of one mean for each of `classes`.
  public init(means: Matrix<Double>, classes: [Int], classCount: Int) {
    precondition(means.rows == classes.count, "There is one class for each mean.")
    precondition(
      !classes.isEmpty && classes.allSatisfy { (0..<classCount).contains($0) },
      "The classes of the means lie below the class count.")
    self.means = means
    self.classes = classes
    self.classCount = classCount
  }

  /// The class probabilities of n samples, n × C, by (2).
  public func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    (features.centredSquaredDistances(to: means) * -1).rowSoftmax  // (2)
      .spreading(columns: classes, over: classCount, filling: 0)
  }
}
