public import LinearAlgebra
public import Randomness

/// A fitted classifier.
public protocol Classifier: Sendable {
  /// The class probabilities of n samples, n × C; each row sums to 1.
  func probabilities(of features: Matrix<Double>) -> Matrix<Double>

  /// The class probabilities of n samples of the source, n × C.
  ///
  /// A model that maps the domains differently takes the source's way here; for all others a sample
  /// is a sample.
  func probabilities(ofSource features: Matrix<Double>) -> Matrix<Double>
}

extension Classifier {
  /// Those of any sample.
  public func probabilities(ofSource features: Matrix<Double>) -> Matrix<Double> {
    probabilities(of: features)
  }
}

/// A fitted clustering.
public protocol Clustering: Sendable {
  /// The cluster of each of n samples.
  func clusters(of features: Matrix<Double>) -> [Int]
}

/// An algorithm that fits a classifier to labelled samples.
///
/// Classes without a training sample get probability 0. Training labels of one class alone
/// give the classifier that always names it.
public protocol Learner: Sendable {
  /// The fitted classifier.
  associatedtype Model: Classifier

  /// Fits the classifier.
  ///
  /// - Parameters:
  ///   - features: n × d; rows are samples.
  ///   - labels: the class of each row, in 0 ..< `classCount`.
  ///   - classCount: C, the number of classes of the task.
  ///   - weights: how much each sample counts; nil counts each as 1.
  ///   - key: names the randomness of the fit.
  /// - Returns: the fitted classifier.
  /// - Throws: a `LearnerError` where the samples can't be learnt from.
  func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]?, key: RandomKey
  ) throws(LearnerError) -> Model
}

/// Why a learner can't be fitted.
public enum LearnerError: Error, Sendable, Hashable {
  /// There is no sample to learn from.
  case noSamples
  /// The learner can't weigh its samples.
  case weightsUnsupported(learner: String)
  /// The learner takes square images, and rows of so many columns are none.
  case notImages(learner: String, columns: Int)
  /// Every weight is zero, or one is negative or not a number.
  case unusableWeights
  /// A feature is infinite or not a number.
  case notFinite
  /// The optimiser did not converge within its iterations.
  case notConverged(learner: String, iterations: Int)
  /// A decomposition failed.
  case linearAlgebra(LinearAlgebraError)
}
