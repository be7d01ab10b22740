public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Subspace alignment: turns the source's principal axes to the target's.
///
/// B. Fernando, A. Habrard, M. Sebban, T. Tuytelaars. "Unsupervised Visual Domain Adaptation
/// Using Subspace Alignment." ICCV 2013. See `papers/fernando-2013-subspace-alignment.md`.
///
/// ```
/// minimise over M:  ‖P_S M − P_T‖²_F,   M = P_Sᵀ P_T                      (1)
/// z = (x − μ_S) P_S M   for x in the source                              (2)
/// z = (x − μ_T) P_T     for x in the target                              (3)
/// ```
///
/// P_S, P_T hold the k leading principal axes of each domain, d × k; μ_S, μ_T are the means.
///
/// - Complexity: O(n d min(n, d) + k min(n, d)²) of each domain.
/// - Deviations: k is a parameter; the paper chooses it by a bound on the axes' stability.
public struct SubspaceAlignment: TransductiveMethod {
  /// k.
  public var components = 20
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "subspace-alignment", title: "Subspace alignment", family: .alignment(.subspace),
    paper: "fernando-2013-subspace-alignment")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "components", \.components, in: 1...10_000, grid: [5, 10, 20, 50],
      help: "k, the principal axes of each domain; at most as many as there are."),
    .choice("learner", \.learner, help: "Classifier fitted on the aligned source."),
  ]

  /// Aligns the axes and fits the learner on the aligned source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let axes = try MethodError.learning { () throws(LearnerError) in
      (
        source: try source.principalComponents(components),
        target: try target.principalComponents(components)
      )
    }
    let align = { @Sendable features in
      Self.align(features, from: axes.source, to: axes.target)
    }
    let classifier = try learner.fit(
      source.with(features: align(source.features)), key: key.child("learner"))
    return MappedClassifier(
      classifier, map: { axes.target.project($0) }, sourceMap: align)  // (3)
  }

  /// The source in the coordinates of the target's axes.
  static func align(
    _ source: Matrix<Double>, from axes: PrincipalComponentsModel,
    to targetAxes: PrincipalComponentsModel
  ) -> Matrix<Double> {
    let alignment = axes.components.multiplied(by: targetAxes.components, transposingSelf: true)
    return axes.project(source) * alignment  // (1), (2)
  }
}
