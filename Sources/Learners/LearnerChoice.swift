public import LinearAlgebra
public import Randomness

/// The learners that a method can end in.
public enum LearnerChoice: String, CaseIterable, Sendable {
  case logisticRegression = "logistic-regression"
  case oneNearestNeighbour = "1-nn"
  case nearestNeighbours = "k-nn"
  case linearSVM = "linear-svm"
  case kernelSVM = "rbf-svm"
  case nearestMean = "nearest-mean"

  /// Whether the learner can weigh its samples.
  public var usesWeights: Bool { false }

  /// Fits the chosen learner at its defaults.
  public func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]? = nil,
    key: RandomKey
  ) throws(LearnerError) -> any Classifier {
    throw .noSamples
  }
}
