public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Linear optimal transport: the Monge map between the Gaussians fitted to source and target.
///
/// M. Knott, C. S. Smith. "On the Optimal Mapping of Distributions." JOTA 43, 1984, for (1). R. Flamary,
/// K. Lounici, A. Ferrari. "Concentration Bounds for Linear Monge Mapping Estimation and Optimal
/// Transport Domain Adaptation." 2019. See `papers/flamary-2019-ot-linear.md`.
///
/// ```
/// x ↦ (x − μ_S) A + μ_T,   A = C_S^(−½) (C_S^½ C_T C_S^½)^½ C_S^(−½)      (1)
/// C = X̃ᵀX̃ / n + λI,   λ = ridge · the mean variance of a feature          (2)
/// C_S = L Lᵀ:   A = L⁻ᵀ (Lᵀ C_T L)^½ L⁻¹                                  (3)
/// ```
///
/// Without centring the domains count as Gaussians with mean 0:
///
/// ```
/// x ↦ x A,   C = XᵀX / n + λI                                             (4)
/// ```
///
/// (3) is the only symmetric positive semidefinite A with A C_S A = C_T, as (1) is, and takes one
/// eigenproblem in place of three. Where there are few samples beside the features, it is solved
/// in the space that both domains' centred samples span; beyond that space A is the identity.
///
/// - Complexity: O(n d² + d³) with two d × d matrices and no n × n one, but for n < ¾ d, where it is
///   O(n² d + n³).
/// - Deviations: λ is relative to the variance, half of it the source's and half the target's.
public struct LinearTransport: TransductiveMethod {
  /// λ / the mean variance of a feature.
  public var ridge = 1.0
  /// Whether the means are met; else (4).
  public var isCentred = true
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "ot-linear", title: "Linear optimal transport", family: .alignment(.transport),
    paper: "flamary-2019-ot-linear", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "ridge", \.ridge, in: 1e-9...1e6, grid: [1e-3, 1e-2, 0.1, 1, 10],
      help: "λ, added to the diagonal of both covariances, as a multiple of the mean variance."),
    .flag("centred", \.isCentred, help: "Whether the means are met; else both count as 0."),
    .choice("learner", \.learner, help: "Classifier fitted on the transported source."),
  ]

  /// Maps the source and fits the learner on it.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let map = try map(from: source.features, to: target.features)
    return MappedClassifier(
      try learner.fit(source.with(features: map(source.features)), key: key.child("learner")),
      sourceMap: map)
  }

  /// The map (1).
  func map(
    from source: Matrix<Double>, to target: Matrix<Double>
  ) throws(MethodError) -> @Sendable (Matrix<Double>) -> Matrix<Double> {
    let (count, width) = (source.rows + target.rows, source.columns)
    let squares = [source, target].flatMap { $0.columnStandardDeviations.map { $0 * $0 } }
    let variance = 0.5 * squares.reduce(0, +) / Double(max(width, 1))
    guard variance > 0 else {
      let (from, to) = (source.columnMeans, target.columnMeans)
      return { [isCentred] in isCentred ? $0.subtracting(row: from).adding(row: to) : $0 }
    }
    guard 4 * count < 3 * width else {
      return try map(from: source, to: target, lambda: ridge * variance)
    }
    let axes = try MethodError.learning { () throws(LearnerError) in
      // With each sample's negative the mean is 0, and the axes span what the samples do.
      let pooled = source.appending(rows: target)
      return try PrincipalComponents.fit(
        isCentred ? pooled : pooled.appending(rows: pooled * -1), count: count)
    }
    let inside = try map(
      from: axes.project(source), to: axes.project(target), lambda: ridge * variance)
    return { axes.reconstruct(inside(axes.project($0))) }
  }

  /// (1) with λ given.
  ///
  /// No more than two d × d matrices are held at once: the factor L is made anew for the second
  /// time that it is needed.
  func map(
    from source: Matrix<Double>, to target: Matrix<Double>, lambda: Double
  ) throws(MethodError) -> @Sendable (Matrix<Double>) -> Matrix<Double> {
    let map = try MethodError.step("Monge map") { () throws(LinearAlgebraError) in
      let root = try factor(of: source, lambda)
        .congruent(moments(of: target).adding(diagonal: lambda)).squareRoot()
      return try factor(of: source, lambda).inverselyCongruent(root)  // (3)
    }
    guard isCentred else { return { $0 * map } }  // (4)
    let (from, to) = (source.columnMeans, target.columnMeans)
    return { ($0.subtracting(row: from) * map).adding(row: to) }  // (1)
  }

  /// L of C + λI; with a greater λ where rounding leaves that not definite.
  private func factor(
    of features: Matrix<Double>, _ lambda: Double
  ) throws(LinearAlgebraError) -> Cholesky<Double> {
    do {
      return try moments(of: features).adding(diagonal: lambda).cholesky()
    } catch .notPositiveDefinite {
      return try moments(of: features).adding(diagonal: lambda).ridgedCholesky()
    }
  }

  /// C without λ.
  private func moments(of features: Matrix<Double>) -> Matrix<Double> {
    let scale = 1 / Double(max(features.rows, 1)).squareRoot()
    guard isCentred else { return (features * scale).gram }  // (4)
    return features.scatter(
      scalingColumns: Array(repeating: scale, count: features.columns))  // (2)
  }
}
