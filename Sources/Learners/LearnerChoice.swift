public import LinearAlgebra
public import Randomness

/// The learners that a method can end in.
///
/// `linear-svm` sets each class against the rest with squared hinge loss, `pairwise-svm`
/// each against each other with hinge loss and no kernel (libsvm), as many papers do;
/// `validated-svm` is that with its C chosen by folds of the samples it is given. Networks are
/// trained from scratch.
public enum LearnerChoice: Sendable, Hashable {
  case logisticRegression
  case oneNearestNeighbour
  case nearestNeighbours
  case linearSVM
  case pairwiseSVM
  case validatedSVM
  case kernelSVM
  case nearestMean
  case network(NetworkChoice)

  /// The network, where the learner is one.
  public var network: NetworkChoice? {
    if case .network(let network) = self { network } else { nil }
  }

  /// Whether the learner can weigh its samples; the vote of a single neighbour can't be weighed.
  public var usesWeights: Bool {
    switch self {
    case .oneNearestNeighbour, .network: false
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
    case .network(let network):
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

extension LearnerChoice: RawRepresentable, CaseIterable {
  /// Every learner, the networks last.
  public static let allCases: [LearnerChoice] =
    [
      .logisticRegression, .oneNearestNeighbour, .nearestNeighbours, .linearSVM, .pairwiseSVM,
      .validatedSVM, .kernelSVM, .nearestMean,
    ] + NetworkChoice.allCases.map { .network($0) }

  /// The learner of this name.
  public init?(rawValue: String) {
    guard let choice = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = choice
  }

  /// The learner's name.
  public var rawValue: String {
    switch self {
    case .logisticRegression: "logistic-regression"
    case .oneNearestNeighbour: "1-nn"
    case .nearestNeighbours: "k-nn"
    case .linearSVM: "linear-svm"
    case .pairwiseSVM: "pairwise-svm"
    case .validatedSVM: "validated-svm"
    case .kernelSVM: "rbf-svm"
    case .nearestMean: "nearest-mean"
    case .network(let network): network.rawValue
    }
  }
}
