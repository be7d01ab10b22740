public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Principal components of the source as a frozen backbone, and a head on the shots.
///
/// M. Turk, A. Pentland. "Eigenfaces for Recognition." Journal of Cognitive Neuroscience 3(1),
/// 1991. See `papers/turk-1991-eigenfaces.md`.
///
/// ```
/// max over V:  tr(Vᵀ C_S V)   with VᵀV = I                               (1)
/// z = (x − μ_S) V                                                        (2)
/// ```
///
/// C_S and μ_S are the source's covariance and mean, V is d × k. The head is fitted on the
/// shots' z alone: what the source gives is the choice of directions.
///
/// - Complexity: O(n d min(n, d) + k min(n, d)²).
/// - Deviations: the head is the chosen learner, not the nearest class mean.
public struct PCAFeatures: InductiveMethod {
  /// k.
  public var components = 20
  /// The head.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "pca-features", title: "Principal components of the source", family: .featureExtraction,
    paper: "turk-1991-eigenfaces")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "components", \.components, in: 1...10_000, grid: [5, 10, 20, 50, 100],
      help: "k, the components kept; at most as many as there are."),
    .choice("learner", \.learner, help: "Head fitted on the projected shots."),
  ]

  /// Finds the source's components and fits the head on the shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let axes = try MethodError.learning { () throws(LearnerError) in
      try source.principalComponents(components)  // (1)
    }
    let head = try learner.fit(
      shots.with(features: axes.project(shots.features)), key: key.child("learner"))
    return MappedClassifier(head) { axes.project($0) }  // (2)
  }
}
