public import Domains
public import Learners
public import Parameters
public import Randomness

/// The learner on the source, applied to the target as it is: no transfer.
///
/// What every transductive method is measured against. See
/// `papers/no-transfer-references.md`.
///
/// ```
/// f = argmin over f:  Σ_i loss(f(x_i), y_i),   (x_i, y_i) in the source      (1)
/// ```
///
/// - Complexity: the learner's.
/// - Deviations: none.
public struct SourceOnly: TransductiveMethod {
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "source-only", title: "Source only", family: .reference, paper: "no-transfer-references")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Classifier fitted on the source.")
  ]

  /// Fits the learner on the source; the target is ignored.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    MappedClassifier(try learner.fit(source, key: key.child("learner")))  // (1)
  }
}
