public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Principal components of source and target pooled, then the learner on the source's.
///
/// H. Hotelling. "Analysis of a complex of statistical variables into principal components."
/// Journal of Educational Psychology 24, 1933. See `papers/hotelling-1933-pca.md`.
///
/// ```
/// X = [X_S; X_T],   max over V:  tr(Vᵀ Xᵀ H X V)   with VᵀV = I           (1)
/// z = (x − μ) V                                                          (2)
/// ```
///
/// H = I − 11ᵀ/n centres, μ is the pooled mean, V is d × k.
///
/// - Complexity: O(n d min(n, d) + k min(n, d)²).
/// - Deviations: none; components are not whitened.
public struct JointPCA: TransductiveMethod {
  /// k.
  public var components = 100
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "joint-pca", title: "Pooled principal components", family: .alignment(.subspace),
    paper: "hotelling-1933-pca")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "components", \.components, in: 1...10_000, grid: [10, 20, 50, 100],
      help: "k, the components kept; at most as many as there are."),
    .choice("learner", \.learner, help: "Classifier fitted on the projected source."),
  ]

  /// Finds the pooled components and fits the learner on the projected source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let pooled = source.features.appending(rows: target.features)
    let axes = try MethodError.learning { () throws(LearnerError) in
      try PrincipalComponents.fit(pooled, count: components)  // (1)
    }
    let classifier = try learner.fit(
      source.with(features: axes.project(source.features)), key: key.child("learner"))
    return MappedClassifier(classifier) { axes.project($0) }  // (2)
  }
}
