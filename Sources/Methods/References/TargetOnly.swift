public import Domains
public import Learners
public import Parameters
public import Randomness

/// The learner on the labelled target shots alone: no transfer.
///
/// What every inductive method is measured against. See
/// `papers/no-transfer-references.md`.
///
/// ```
/// f = argmin over f:  Σ_i loss(f(x_i), y_i),   (x_i, y_i) among the shots    (1)
/// ```
///
/// - Complexity: the learner's.
/// - Deviations: none.
public struct TargetOnly: InductiveMethod {
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "target-only", title: "Target only", family: .reference, paper: "no-transfer-references")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Classifier fitted on the labelled target samples.")
  ]

  /// Fits the learner on the shots; the source and the unlabelled target are ignored.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    return MappedClassifier(try learner.fit(shots, key: key.child("learner")))  // (1)
  }
}
