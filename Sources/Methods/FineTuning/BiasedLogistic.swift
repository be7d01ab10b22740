public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Logistic regression on the shots, held near the source's weights.
///
/// C. Chelba, A. Acero. "Adaptation of Maximum Entropy Capitalizer: Little Data Can Help a Lot."
/// EMNLP 2004. See `papers/chelba-2004-biased-logistic.md`.
///
/// ```
/// W_S = argmin over W:  Σ_i ℓ(W, x_i, y_i) + ½‖W‖²   over the source         (1)
/// W = argmin over W:  Σ_i ℓ(W, x_i, y_i) + (λ/2) ‖W − W_S‖²  over the shots  (2)
/// ```
///
/// ℓ is the multinomial logistic loss. (2) is the mode of the posterior under a Gaussian prior
/// with mean W_S and variance 1/λ. In (2) the intercepts bear the penalty too, so that λ → ∞
/// gives the source's classifier and λ → 0 forgets it.
///
/// - Complexity: two logistic regressions.
/// - Deviations: the paper starts from the source's features and adds the target's; here the
///   domains share their columns.
public struct BiasedLogistic: InductiveMethod {
  /// λ.
  public var strength = 1.0

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "biased-logistic", title: "Logistic regression biased to the source",
    family: .fineTuning, paper: "chelba-2004-biased-logistic")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "strength", \.strength, in: 1e-4...1e4, grid: [0.01, 0.1, 1, 10, 100],
      help: "λ, the pull towards the source's weights.")
  ]

  /// The reference is a logistic regression too.
  public static let referenceAssignments = [
    Assignment("learner", .choice(LearnerChoice.logisticRegression.rawValue))
  ]

  /// Fits the source's classifier, then the shots' near it.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    do {
      let prior = try LogisticRegression().fit(
        features: source.features, labels: source.labels, classCount: source.classCount,
        weights: nil, key: key.child("source"))  // (1)
      var adapted = LogisticRegression(cost: 1 / strength, prior: prior)
      adapted.penalizesIntercepts = true
      let (training, weights) = completed(shots, with: source)
      return try adapted.fit(
        features: training.features, labels: training.labels, classCount: training.classCount,
        weights: weights, key: key.child("shots"))  // (2)
    } catch {
      throw .learner(error)
    }
  }

  /// The shots, and one source sample of every class that they lack, of negligible weight.
  ///
  /// The loss of (2) then runs over all the source's classes, and those that the shots don't
  /// show can still be named.
  private func completed(
    _ shots: LabelledSample, with source: LabelledSample
  ) -> (LabelledSample, weights: [Double]) {
    let missing = (0..<source.classCount).compactMap { label in
      shots.labels.contains(label) ? nil : source.labels.firstIndex(of: label)
    }
    let weights =
      Array(repeating: 1, count: shots.count) + Array(repeating: 1e-9, count: missing.count)
    return (shots.appending(source.selecting(rows: missing)), weights)
  }
}
