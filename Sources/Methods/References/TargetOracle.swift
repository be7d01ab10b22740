public import Domains
public import Learners
public import Parameters
public import Randomness

/// The learner on the fully labelled part of the target that is not tested on.
///
/// What transfer could reach at best with that learner; no competitor, since it sees labels that
/// no setting grants. See `papers/no-transfer-references.md`.
///
/// ```
/// f = argmin over f:  Σ_i loss(f(x_i), y_i),   (x_i, y_i) in the target      (1)
/// ```
///
/// - Complexity: the learner's.
/// - Deviations: none.
public struct TargetOracle: OracleMethod {
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "target-oracle", title: "Target oracle", family: .reference,
    paper: "no-transfer-references")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Classifier fitted on the labelled target.")
  ]

  /// Fits the learner on the labelled target.
  public func fit(target: LabelledSample, key: RandomKey) throws(MethodError) -> some Classifier {
    MappedClassifier(try learner.fit(target, key: key.child("learner")))  // (1)
  }
}
