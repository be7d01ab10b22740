public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Importance weights from a classifier that tells the domains apart.
///
/// S. Bickel, M. Brückner, T. Scheffer. "Discriminative Learning for Differing Training and Test
/// Distributions." ICML 2007. See `papers/bickel-2007-discriminator-weights.md`.
///
/// ```
/// p_T(x) / p_S(x) = (n_S / n_T) · p(T | x) / p(S | x)                    (1)
/// log (p(T | x) / p(S | x)) = vᵀx + b                                    (2)
/// ```
///
/// v and b are a logistic regression of the domain on the features, ℓ2-penalised. The weights are
/// scaled to mean 1, which drops the constant of (1), and made from the logarithms of (2).
///
/// - Complexity: one logistic regression on both domains and the learner's.
/// - Deviations: the paper fits the domain's and the task's classifier together; these are two
///   steps.
public struct DiscriminatorWeights: TransductiveMethod {
  /// C of the domain classifier: what its losses count against its penalty.
  public var cost = 1.0
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "discriminator-weights", title: "Domain classifier's weights",
    family: .alignment(.reweighting), paper: "bickel-2007-discriminator-weights")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "cost", \.cost, in: 1e-6...1e6, grid: [1e-3, 1e-2, 0.1, 1, 10],
      help: "C of the domain classifier; a small one draws the weights towards 1."),
    .choice("learner", \.learner, help: "Classifier fitted on the weighted source."),
  ]

  /// Tells the domains apart and fits the learner on the weighted source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let weights = try weights(of: source.features, for: target.features, key: key.child("domains"))
    return try learner.fit(source, importance: weights, key: key.child("learner"))
  }

  /// The weight of each source sample.
  func weights(
    of source: Matrix<Double>, for target: Matrix<Double>, key: RandomKey
  ) throws(MethodError) -> [Double] {
    let domains = Array(repeating: 0, count: source.rows) + Array(repeating: 1, count: target.rows)
    let classifier = try MethodError.learning { () throws(LearnerError) in
      try LogisticRegression(cost: cost).fit(
        features: source.appending(rows: target), labels: domains, classCount: 2, weights: nil,
        key: key)
    }
    let scores = classifier.scores(of: source)
    return ImportanceWeights.scaled(
      logarithms: (0..<source.rows).map { scores[$0, 1] - scores[$0, 0] })  // (1) (2)
  }
}
