public import Domains
public import Learners
public import Parameters
public import Randomness

/// Weights fitted by least squares to the ratio of the target's density to a mixture of both.
///
/// M. Yamada, T. Suzuki, T. Kanamori, H. Hachiya, M. Sugiyama. "Relative Density-Ratio Estimation
/// for Robust Distribution Comparison." NIPS 2011. See `papers/yamada-2011-rulsif.md`.
///
/// ```
/// r(x) = Σ_l θ_l φ_l(x) ≈ p_T(x) / (α p_T(x) + (1 − α) p_S(x)) ≤ 1 / α   (1)
/// θ = max(0, (H + λI)⁻¹ h)                                               (2)
/// H = (α / n_T) Φ_TᵀΦ_T + ((1 − α) / n_S) Φ_SᵀΦ_S,   h = Φ_Tᵀ1 / n_T     (3)
/// φ_l(x) = exp(−γ ‖x − c_l‖²),   γ = scale / median ‖x − y‖²             (4)
/// ```
///
/// The centres c_l are target samples; `LeastSquaresRatio` holds the fit and the closed form of
/// its leave-one-out score, which chooses scale and λ where they are 0. The weights are scaled to
/// mean 1.
///
/// - Complexity: O((n_S + n_T) (d + b) b + b³) for b centres, for each scale and λ that is tried.
/// - Deviations: at most 100 pairs of samples are left out in turn; the paper chooses by
///   cross-validation.
public struct RelativeLeastSquaresWeights: TransductiveMethod {
  /// α.
  public var mixture = 0.1
  /// γ times the median squared distance; 0 chooses it.
  public var scale = 0.0
  /// λ; 0 chooses it.
  public var ridge = 0.0
  /// The most kernels.
  public var centres = 100
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "rulsif", title: "Relative least-squares importance fitting",
    family: .alignment(.reweighting), paper: "yamada-2011-rulsif")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "mixture", \.mixture, in: 0...0.99, grid: [0, 0.1, 0.5, 0.9],
      help: "α, the target's share of the denominator; no ratio exceeds 1/α."),
    .real(
      "scale", \.scale, in: 0...1e4, grid: [0, 0.1, 1, 10],
      help: "The kernels' γ as a multiple of the median heuristic's; 0 chooses by leave-one-out."),
    .real(
      "ridge", \.ridge, in: 0...1e6, grid: [0, 0.01, 0.1, 1],
      help: "λ, added to the diagonal of H; 0 chooses by leave-one-out."),
    .integer(
      "centres", \.centres, in: 1...10_000, grid: [20, 100, 300],
      help: "The most kernels, at target samples drawn at random."),
    .choice("learner", \.learner, help: "Classifier fitted on the weighted source."),
  ]

  /// Estimates the weights and fits the learner on the weighted source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let ratio = LeastSquaresRatio(
      mixture: mixture, source: source.features, target: target.features, centres: centres,
      key: key.child("centres"))
    let weights = try ratio.weights(
      median: source.medianGamma(with: target), scale: scale, ridge: ridge)  // (1) (2) (3) (4)
    return try learner.fit(source, importance: weights, key: key.child("learner"))
  }
}
