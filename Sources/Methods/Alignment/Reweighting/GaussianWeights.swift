public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Importance weights from a Gaussian fitted to each domain.
///
/// H. Shimodaira. "Improving Predictive Inference Under Covariate Shift by Weighting the
/// Log-Likelihood Function." Journal of Statistical Planning and Inference 90(2), 2000. See
/// `papers/shimodaira-2000-gaussian-weights.md`.
///
/// ```
/// log w_i = log N(x_i; μ_T, C_T) − log N(x_i; μ_S, C_S)                  (1)
/// log N(x; μ, C) = −½ (x − μ)ᵀ C⁻¹ (x − μ) − ½ log det C + constant      (2)
/// R ← (1 − ρ) R + ρ m I,   m = tr R / d                                  (3)
/// ρ = min(β, δ) / δ,   δ = ‖R − m I‖²_F / d,
/// β = (Σ_i ‖z_i‖⁴ / n − ‖R‖²_F) / (n d)                                  (4)
/// ```
///
/// μ and C are each domain's mean and covariance. R is the covariance of its features z, centred
/// and with unit variance, and C is R in the features' units again; (3) and (4) are the shrinkage
/// of Ledoit and Wolf (2004). The weights are scaled to mean 1.
///
/// - Complexity: O((n_S + n_T) d² + d³).
/// - Deviations: the covariances are shrunk, and bear a ridge where that doesn't make them positive
///   definite.
public struct GaussianWeights: TransductiveMethod {
  /// How the covariances are estimated.
  public enum Covariance: String, ParameterChoice {
    case shrunk
    case empirical
  }

  /// How the covariances are estimated.
  public var covariance = Covariance.shrunk
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "gaussian-weights", title: "Gaussian density ratio", family: .alignment(.reweighting),
    paper: "shimodaira-2000-gaussian-weights", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice(
      "covariance", \.covariance, help: "The covariances: shrunk by Ledoit and Wolf, or as found."),
    .choice("learner", \.learner, help: "Classifier fitted on the weighted source."),
  ]

  /// Fits both Gaussians, and the learner on the weighted source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let weights = try weights(of: source.features, for: target.features)
    return try learner.fit(source, importance: weights, key: key.child("learner"))
  }

  /// The weight of each source sample.
  func weights(
    of source: Matrix<Double>, for target: Matrix<Double>
  ) throws(MethodError) -> [Double] {
    try MethodError.step("fitting a Gaussian to each domain") { () throws(LinearAlgebraError) in
      let shrinks = covariance == .shrunk
      let numerators = try Gaussian(fittedTo: target, shrinks: shrinks).logDensities(of: source)
      let denominators = try Gaussian(fittedTo: source, shrinks: shrinks).logDensities(of: source)
      return ImportanceWeights.scaled(
        logarithms: zip(numerators, denominators).map { $0 - $1 })  // (1)
    }
  }
}

/// A Gaussian with a full covariance C = D R D, D the diagonal of the features' scales.
private struct Gaussian {
  private let means: [Double]
  private let scales: [Double]
  /// R⁻¹.
  private let inverse: Matrix<Double>
  /// log det C.
  private let logDeterminant: Double

  init(fittedTo samples: Matrix<Double>, shrinks: Bool) throws(LinearAlgebraError) {
    means = samples.columnMeans
    scales = samples.columnStandardDeviations.map { $0 > 0 ? $0 : 1 }
    let factor = try Self.correlation(
      of: samples.standardized(centre: means, factors: scales.map { 1 / $0 }), shrinks: shrinks
    ).ridgedCholesky()
    logDeterminant = scales.reduce(factor.logDeterminant) { $0 + 2 * log($1) }
    inverse = (consume factor).inverse()
  }

  /// The log-density of each sample, up to a constant of the dimension.
  func logDensities(of samples: Matrix<Double>) -> [Double] {
    let standardized = samples.standardized(centre: means, factors: scales.map { 1 / $0 })
    let squares = standardized.zip(standardized * inverse) { $0 * $1 }.rowSums
    return squares.map { -0.5 * ($0 + logDeterminant) }  // (2)
  }

  /// R, gone when it is factored: no more than two matrices of its size are held at once.
  private static func correlation(
    of standardized: Matrix<Double>, shrinks: Bool
  ) -> Matrix<Double> {
    var correlation = standardized.covariance(.population)
    if shrinks { shrink(&correlation, of: standardized) }
    return correlation
  }

  /// Draws the covariance of centred samples towards a multiple of the identity.
  private static func shrink(_ covariance: inout Matrix<Double>, of samples: Matrix<Double>) {
    let (count, order) = (Double(samples.rows), Double(samples.columns))
    let mean = covariance.trace / order
    let square = covariance.elements.reduce(0) { $0 + $1 * $1 }
    let distance = (square - order * mean * mean) / order
    let fourth = samples.rowSquaredNorms.reduce(0) { $0 + $1 * $1 }
    let noise = min((fourth / count - square) / (count * order), distance)
    guard noise > 0, distance > 0 else { return }
    let share = noise / distance  // (4)
    covariance = (covariance * (1 - share)).adding(diagonal: share * mean)  // (3)
  }
}
