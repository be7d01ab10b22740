import Foundation
import LinearAlgebra
import Randomness

/// The least-squares fit of a density ratio, and the choice of its hyperparameters.
///
/// ```
/// r(x) = Σ_l θ_l φ_l(x) ≈ p_T(x) / (α p_T(x) + (1 − α) p_S(x))           (1)
/// H = (α / n_T) Φ_TᵀΦ_T + ((1 − α) / n_S) Φ_SᵀΦ_S,   h = Φ_Tᵀ1 / n_T     (2)
/// θ = max(0, (H + λI)⁻¹ h)                                               (3)
/// H₍ᵢ₎ + λI = B − p φφᵀ − q φ'φ'ᵀ,   h₍ᵢ₎ = (n_T h − φ') / (n_T − 1)     (4)
/// p = (1 − α) / (n_S − 1),   q = α / (n_T − 1)                           (5)
/// J = mean over i:  α/2 (φ'ᵀθ₍ᵢ₎)² + (1 − α)/2 (φᵀθ₍ᵢ₎)² − φ'ᵀθ₍ᵢ₎       (6)
/// ```
///
/// Φ_S and Φ_T hold φ_l(x) = exp(−γ ‖x − c_l‖²) of the samples, whose centres c_l are target
/// samples. In (4) a source sample with φ and a target sample with φ' are left out; B is H + λI
/// with n_S − 1 and n_T − 1 for n_S and n_T, and two Sherman–Morrison steps give every θ₍ᵢ₎ from
/// one factor of it.
struct LeastSquaresRatio {
  /// α.
  let mixture: Double
  /// ‖x_i − c_l‖², n_S × b.
  private let sourceDistances: Matrix<Double>
  /// ‖x'_j − c_l‖², n_T × b.
  private let targetDistances: Matrix<Double>
  /// The source rows and target rows that are left out together.
  private let pairs: (source: [Int], target: [Int])

  /// The most pairs that are left out in turn.
  static let pairLimit = 100
  /// The multiples of the median heuristic's γ, and the λ, that are tried.
  private static let scales = [0.1, 0.3, 1, 3, 10]
  private static let ridges = [0.01, 0.1, 1]

  /// Centres at target samples drawn at random, or at all where they are no more than `centres`.
  init(
    mixture: Double, source: Matrix<Double>, target: Matrix<Double>, centres: Int,
    key: RandomKey
  ) {
    self.mixture = mixture
    var stream = RandomStream(key)
    let points = target.selecting(rows: Array(stream.permutation(target.rows).prefix(centres)))
    sourceDistances = source.squaredDistances(to: points)
    targetDistances = target.squaredDistances(to: points)
    let count = min(source.rows, target.rows, Self.pairLimit)
    pairs = (stream.sample(count, of: source.rows), stream.sample(count, of: target.rows))
  }

  /// The weights of the source samples, of mean 1; the scale and λ are chosen where they are 0.
  ///
  /// `median` is the median heuristic's γ.
  func weights(median: Double, scale: Double, ridge: Double) throws(MethodError) -> [Double] {
    let scales = scale > 0 ? [scale] : Self.scales
    return ImportanceWeights.scaled(
      try MethodError.step("fitting the density ratio") { () throws(LinearAlgebraError) in
        let best = try best(
          gammas: scales.map { $0 * median }, ridges: ridge > 0 ? [ridge] : Self.ridges)
        return try weights(gamma: best.gamma, ridge: best.ridge)
      })
  }

  /// The ratio at each source sample.
  func weights(gamma: Double, ridge: Double) throws(LinearAlgebraError) -> [Double] {
    let (source, target) = kernels(gamma)
    let means = target.columnMeans
    let factor = try matrix(source, target, leavingOut: 0).adding(diagonal: ridge).cholesky()
    let solution = factor.solve(Matrix(rows: means.count, columns: 1, elements: means))
    return source.multiplied(by: solution.elements.map { max(0, $0) })  // (1) (3)
  }

  /// The γ and λ of the smallest J; of one that is given, only that is tried.
  func best(
    gammas: [Double], ridges: [Double]
  ) throws(LinearAlgebraError) -> (gamma: Double, ridge: Double) {
    var best = (gamma: gammas[gammas.count / 2], ridge: ridges[ridges.count / 2])
    guard gammas.count * ridges.count > 1, sourceDistances.rows > 1, targetDistances.rows > 1
    else { return best }
    var smallest = Double.infinity
    for gamma in gammas {
      let kernels = kernels(gamma)
      for ridge in ridges {
        let score = try score(kernels.source, kernels.target, ridge, pairs)
        if score < smallest { (smallest, best) = (score, (gamma, ridge)) }
      }
    }
    return best
  }

  /// J over the pairs that were drawn, or those given.
  func score(
    gamma: Double, ridge: Double, pairs: (source: [Int], target: [Int])? = nil
  ) throws(LinearAlgebraError) -> Double {
    let (source, target) = kernels(gamma)
    return try score(source, target, ridge, pairs ?? self.pairs)
  }

  private func score(
    _ source: Matrix<Double>, _ target: Matrix<Double>, _ ridge: Double,
    _ pairs: (source: [Int], target: [Int])
  ) throws(LinearAlgebraError) -> Double {
    let (sourceCount, targetCount) = (Double(source.rows), Double(target.rows))
    let sourceShare = (1 - mixture) / (sourceCount - 1)  // (5)
    let targetShare = mixture / (targetCount - 1)
    let factor = try matrix(source, target, leavingOut: 1).adding(diagonal: ridge).cholesky()
    let (left, right) = (
      source.selecting(rows: pairs.source), target.selecting(rows: pairs.target)
    )
    let means = target.columnMeans
    let order = means.count
    let common = factor.solve(Matrix(rows: order, columns: 1, elements: means)).elements
    let leftSolved = factor.solve(left.transposed).transposed
    let rightSolved = factor.solve(right.transposed).transposed
    func products(_ one: Matrix<Double>, _ other: Matrix<Double>) -> [Double] {
      one.zip(other) { $0 * $1 }.rowSums
    }
    let leftLeft = products(left, leftSolved)
    let leftRight = products(left, rightSolved)
    let rightRight = products(right, rightSolved)
    let leftCommon = left.multiplied(by: common)
    let rightCommon = right.multiplied(by: common)
    var total = 0.0
    for pair in pairs.source.indices {
      // θ₍ᵢ₎ = u B⁻¹h + v B⁻¹φ + w B⁻¹φ'
      let gain = sourceShare / (1 - sourceShare * leftLeft[pair])
      let rightPull = gain * leftRight[pair]
      let commonPull = gain * leftCommon[pair]
      let rightDot = rightRight[pair] + rightPull * leftRight[pair]
      let commonDot = rightCommon[pair] + commonPull * leftRight[pair]
      let turn =
        targetShare * (targetCount * commonDot - rightDot) / (1 - targetShare * rightDot)
      let scale = 1 / (targetCount - 1)
      let commonFactor = scale * targetCount
      let rightFactor = scale * (turn - 1)
      let leftFactor = scale * (targetCount * commonPull + (turn - 1) * rightPull)  // (4)
      var (sourceValue, targetValue) = (0.0, 0.0)
      let start = pair * order
      for column in 0..<order {
        let coefficient =
          commonFactor * common[column] + leftFactor * leftSolved.elements[start + column]
          + rightFactor * rightSolved.elements[start + column]
        guard coefficient > 0 else { continue }
        sourceValue += coefficient * left.elements[start + column]
        targetValue += coefficient * right.elements[start + column]
      }
      total +=
        mixture / 2 * targetValue * targetValue + (1 - mixture) / 2 * sourceValue * sourceValue
        - targetValue  // (6)
    }
    return total / Double(pairs.source.count)
  }

  private func kernels(_ gamma: Double) -> (source: Matrix<Double>, target: Matrix<Double>) {
    (
      sourceDistances.exponential(scaledBy: -gamma), targetDistances.exponential(scaledBy: -gamma)
    )
  }

  /// H, by (2) with n_S and n_T reduced by a number.
  private func matrix(
    _ source: Matrix<Double>, _ target: Matrix<Double>, leavingOut count: Int
  ) -> Matrix<Double> {
    let sourceGram = source.gram * ((1 - mixture) / Double(source.rows - count))
    guard mixture > 0 else { return sourceGram }
    return sourceGram + target.gram * (mixture / Double(target.rows - count))  // (2)
  }
}
