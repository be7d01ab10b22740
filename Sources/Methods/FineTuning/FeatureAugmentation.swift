public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Feature augmentation: a shared copy of the features, one for the source, one for the target.
///
/// H. Daumé III. "Frustratingly Easy Domain Adaptation." ACL 2007. See
/// `papers/daume-2007-feature-augmentation.md`.
///
/// ```
/// Φ_S(x) = (x, x, 0)   for x in the source                               (1)
/// Φ_T(x) = (x, 0, x)   for x in the target                               (2)
/// ```
///
/// One learner is fitted on the source under (1) and the shots under (2) together; with an ℓ2
/// penalty it shares between the domains what serves both.
///
/// - Complexity: the learner's on 3 d features.
/// - Deviations: none.
public struct FeatureAugmentation: InductiveMethod {
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "feature-augmentation", title: "Feature augmentation", family: .fineTuning,
    paper: "daume-2007-feature-augmentation")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Classifier fitted on the augmented features.")
  ]

  /// Fits the learner on both augmented samples.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let zeros = Matrix<Double>(rows: source.count, columns: source.features.columns)
    let augmented = source.features.appending(columns: source.features)
      .appending(columns: zeros)  // (1)
    let training = source.with(features: augmented)
      .appending(shots.with(features: augmentTarget(shots.features)))
    return MappedClassifier(try learner.fit(training, key: key.child("learner"))) {
      augmentTarget($0)
    }
  }
}

/// The target's features as (2) arranges them, n × 3d.
private func augmentTarget(_ features: Matrix<Double>) -> Matrix<Double> {
  features.appending(columns: Matrix(rows: features.rows, columns: features.columns))
    .appending(columns: features)  // (2)
}
