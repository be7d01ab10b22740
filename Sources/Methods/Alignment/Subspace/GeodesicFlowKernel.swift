public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Geodesic flow kernel: compares samples in all subspaces between the source's and the target's.
///
/// B. Gong, Y. Shi, F. Sha, K. Grauman. "Geodesic Flow Kernel for Unsupervised Domain
/// Adaptation." CVPR 2012. See `papers/gong-2012-gfk.md`.
///
/// ```
/// Φ(t), 0 ≤ t ≤ 1: the geodesic from the source's k principal axes to the target's  (1)
/// ⟨x, x'⟩ = xᵀ G x',   G = ∫₀¹ Φ(t) Φ(t)ᵀ dt                              (2)
/// z = Mᵀx   with G = M Mᵀ                                                 (3)
/// D(k) = ½ (sin α_k + sin β_k),   k* = min {k : D(k) = 1}                  (4)
/// ```
///
/// α_k and β_k are the largest principal angles between the k leading axes of the source, of the
/// target, and those of both pooled: k* is the size at which one of the new axes has nothing in
/// common with the pooled ones. `GeodesicFlow` solves (2) in closed form.
///
/// - Complexity: O(n d min(n, d) + d k²); (4) takes O(k*⁴) more.
/// - Deviations: the learner sees the features (3), which any learner can use, in place of the
///   kernel. D(k) counts as 1 from 0.995 on, up to k = 200 and half the columns.
public struct GeodesicFlowKernel: TransductiveMethod {
  /// k.
  public var components = 20
  /// Where k comes from.
  public var dimension = SubspaceDimension.fixed
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "gfk", title: "Geodesic flow kernel", family: .alignment(.subspace),
    paper: "gong-2012-gfk")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "components", \.components, in: 1...10_000, grid: [5, 10, 20, 50],
      help: "k, the principal axes of each domain; at most as many as there are."),
    .choice(
      "dimension", \.dimension,
      help: "Whether k is the components' number or found by the subspace disagreement measure."),
    .choice("learner", \.learner, help: "Classifier fitted on the source's features."),
  ]

  /// Finds the flow between the domains' axes and fits the learner on the source's features.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let flow = try flow(from: source, to: target)
    let classifier = try learner.fit(
      source.with(features: flow.features(of: source.features)), key: key.child("learner"))
    return MappedClassifier(classifier) { flow.features(of: $0) }  // (3)
  }

  /// The flow from the source's axes to the target's.
  func flow(
    from source: LabelledSample, to target: UnlabelledSample
  ) throws(MethodError) -> GeodesicFlow {
    let most = dimension == .fixed ? components : min(200, max(source.features.columns / 2, 1))
    let axes = try MethodError.learning { () throws(LearnerError) in
      try (
        source.principalComponents(most).components, target.principalComponents(most).components
      )
    }
    var count = min(axes.0.columns, axes.1.columns)
    if dimension == .disagreement, count > 0 {
      let pooled = try MethodError.learning { () throws(LearnerError) in
        try PrincipalComponents.fit(
          source.features.appending(rows: target.features), count: count
        ).components
      }
      count = try MethodError.step("subspace disagreement") { () throws(LinearAlgebraError) in
        try disagreeingDimension(axes.0, axes.1, pooled)
      }
    }
    return try MethodError.step("geodesic flow") { () throws(LinearAlgebraError) in
      try GeodesicFlow(
        from: axes.0.selecting(columns: 0..<count),
        to: axes.1.selecting(columns: 0..<count))  // (1)
    }
  }
}

/// Where the dimension of a subspace comes from.
public enum SubspaceDimension: String, ParameterChoice {
  /// It is given.
  case fixed
  /// The subspace disagreement measure of Gong and others.
  case disagreement
}

/// The smallest k whose subspaces disagree wholly; all axes where none does. (4)
func disagreeingDimension(
  _ source: Matrix<Double>, _ target: Matrix<Double>, _ pooled: Matrix<Double>
) throws(LinearAlgebraError) -> Int {
  let most = min(source.columns, target.columns, pooled.columns)
  let products = [source, target].map { $0.multiplied(by: pooled, transposingSelf: true) }
  for count in 1..<max(most, 1) {
    var sum = 0.0
    for product in products {
      let leading = product.selecting(rows: Array(0..<count)).selecting(columns: 0..<count)
      let cosine = min(try leading.singularValues().values[count - 1], 1)
      sum += (1 - cosine * cosine).squareRoot()
    }
    if 0.5 * sum >= 0.995 { return count }  // (4)
  }
  return most
}
