public import LinearAlgebra
public import Randomness

/// The learners that a method can end in.
///
/// `linear-svm` sets each class against the rest with squared hinge loss, `pairwise-svm`
/// each against each other with hinge loss and no kernel (libsvm), as many papers do;
/// `validated-svm` is that with its C chosen by folds of the samples it is given. `mlp`, `mlp-bn`,
/// `lenet` and `resnet-20` are networks, trained from scratch.
public enum LearnerChoice: String, CaseIterable, Sendable {
  case logisticRegression = "logistic-regression"
  case oneNearestNeighbour = "1-nn"
  case nearestNeighbours = "k-nn"
  case linearSVM = "linear-svm"
  case pairwiseSVM = "pairwise-svm"
  case validatedSVM = "validated-svm"
  case kernelSVM = "rbf-svm"
  case nearestMean = "nearest-mean"
  case perceptron = "mlp"
  case normalizedPerceptron = "mlp-bn"
  case lenet
  case resnet20 = "resnet-20"

  /// The network, where the learner is one.
  public var network: NetworkChoice? { NetworkChoice(rawValue: rawValue) }

  /// Whether the learner can weigh its samples; the vote of a single neighbour can't be weighed.
  public var usesWeights: Bool {
    switch self {
    case .oneNearestNeighbour, .perceptron, .normalizedPerceptron, .lenet, .resnet20: false
    case .logisticRegression, .nearestNeighbours, .nearestMean, .linearSVM, .pairwiseSVM,
      .validatedSVM, .kernelSVM:
      true
    }
  }

  /// Fits the chosen learner at its defaults.
  ///
  /// - Parameters:
  ///   - features: n × d; rows are samples.
  ///   - labels: the class of each row, in 0 ..< `classCount`.
  ///   - classCount: C, the number of classes of the task.
  ///   - weights: how much each sample counts; nil counts each as 1.
  ///   - key: names the randomness of the fit.
  /// - Returns: the fitted classifier.
  /// - Throws: a `LearnerError` where the samples can't be learnt from.
  public func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]? = nil,
    key: RandomKey
  ) throws(LearnerError) -> any Classifier {
    switch self {
    case .perceptron, .normalizedPerceptron, .lenet, .resnet20:
      guard let network else { preconditionFailure("These learners are networks.") }
      return try NetworkLearner(network).fit(
        features: features, labels: labels, classCount: classCount, weights: weights, key: key)
    case .logisticRegression:
      return try LogisticRegression().fit(
        features: features, labels: labels, classCount: classCount, weights: weights, key: key)
    case .oneNearestNeighbour:
      return try NearestNeighbours(count: 1).fit(
        features: features, labels: labels, classCount: classCount, weights: weights, key: key)
    case .nearestNeighbours:
      return try NearestNeighbours().fit(
        features: features, labels: labels, classCount: classCount, weights: weights, key: key)
    case .nearestMean:
      return try NearestMean().fit(
        features: features, labels: labels, classCount: classCount, weights: weights, key: key)
    case .linearSVM:
      return try LinearSVM().fit(
        features: features, labels: labels, classCount: classCount, weights: weights, key: key)
    case .pairwiseSVM:
      return try KernelSVM(kernel: .linear).fit(
        features: features, labels: labels, classCount: classCount, weights: weights, key: key)
    case .validatedSVM:
      return try ValidatedSVM().fit(
        features: features, labels: labels, classCount: classCount, weights: weights, key: key)
    case .kernelSVM:
      return try KernelSVM().fit(
        features: features, labels: labels, classCount: classCount, weights: weights, key: key)
    }
  }
}
