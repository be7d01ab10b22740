public import Domains
public import Learners
public import Parameters
public import Randomness

/// The learner on source and target shots together, each sample counting the same.
///
/// The simplest use of both; with few shots the source drowns them. See
/// `papers/no-transfer-references.md`.
///
/// ```
/// f = argmin over f:  Σ_i loss(f(x_i), y_i),   (x_i, y_i) in source or shots  (1)
/// ```
///
/// - Complexity: the learner's.
/// - Deviations: none.
public struct Joint: InductiveMethod {
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "joint", title: "Source and shots together", family: .reference,
    paper: "no-transfer-references")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Classifier fitted on source and labelled target samples.")
  ]

  /// Fits the learner on both samples; the unlabelled target is ignored.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    MappedClassifier(try learner.fit(source.appending(shots), key: key.child("learner")))  // (1)
  }
}
