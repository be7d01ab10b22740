import Foundation
import LinearAlgebra

/// The entropic transport plan from a few centroids, each with its mass, to many samples.
///
/// ```
/// γ_ij = u_i K_ij v_j,   K_ij = exp(φ_i + ψ_j − C_ij / ε)                 (1)
/// v ← (1/n_T) / Kᵀu,   u ← p / Kv                                         (2)
/// φ ← φ + log u,  ψ ← ψ + log v,  u ← 1,  v ← 1   when u or v grow large  (3)
/// ψ_j ← −log n_T − log Σ_i exp(φ_i − C_ij / ε), then φ likewise with p    (4)
/// ```
///
/// The iteration of `SinkhornPlan`, whose samples all have the same mass, for masses p.
struct CentroidPlan {
  /// log of the largest factor tolerated.
  private static let safeLogarithm = 100.0

  private let scaledCost: Matrix<Double>
  private let transposedCost: Matrix<Double>
  private var sourcePotential: [Double]
  private var targetPotential: [Double]
  private var kernel: Matrix<Double>
  private var sourceFactor: [Double]
  private var targetFactor: [Double]
  private let sourceShares: [Double]

  /// Σ_j |Σ_i γ_ij − 1/n_T|: how far the plan is from the target's marginal.
  private(set) var marginalError = Double.infinity
  /// The iterations made.
  private(set) var iterations = 0

  /// The problem of a cost matrix, K × n_T, at its first logarithmic step.
  ///
  /// `shares`, p, are positive and sum to 1.
  init(cost: Matrix<Double>, epsilon: Double, shares: [Double]) {
    sourceShares = shares
    scaledCost = cost * (-1 / epsilon)
    transposedCost = scaledCost.transposed
    sourcePotential = Array(repeating: 0, count: cost.rows)
    targetPotential = Array(repeating: 0, count: cost.columns)
    sourceFactor = Array(repeating: 1, count: cost.rows)
    targetFactor = Array(repeating: 1, count: cost.columns)
    kernel = scaledCost
    stepOnLogarithms()
  }

  /// The plan, K × n_T; its rows sum to p.
  var matrix: Matrix<Double> {
    kernel.scaled(rows: sourceFactor).scaled(columns: targetFactor)
  }

  /// Iterates until the marginal error is below the tolerance.
  mutating func solve(iterations limit: Int, tolerance: Double) {
    let columns = Double(kernel.columns)
    while iterations < limit {
      let columnSums = kernel.multiplied(by: sourceFactor, transposing: true)
      marginalError = zip(columnSums, targetFactor).reduce(0) {
        $0 + abs($1.0 * $1.1 - 1 / columns)
      }
      if marginalError < tolerance { return }
      iterations += 1
      let newTarget = columnSums.map { 1 / ($0 * columns) }
      let newSource = zip(sourceShares, kernel.multiplied(by: newTarget)).map { $0 / $1 }  // (2)
      if isSafe(newTarget) && isSafe(newSource) {
        (targetFactor, sourceFactor) = (newTarget, newSource)
      } else {
        absorbFactors()
        stepOnLogarithms()
      }
    }
  }

  private func isSafe(_ factors: [Double]) -> Bool {
    factors.allSatisfy { $0 > exp(-Self.safeLogarithm) && $0 < exp(Self.safeLogarithm) }
  }

  private mutating func absorbFactors() {
    for index in sourceFactor.indices { sourcePotential[index] += log(sourceFactor[index]) }
    for index in targetFactor.indices { targetPotential[index] += log(targetFactor[index]) }  // (3)
  }

  private mutating func stepOnLogarithms() {
    let (rows, columns) = (kernel.rows, kernel.columns)
    let targetSums = transposedCost.adding(row: sourcePotential).rowLogSumExp
    targetPotential = targetSums.map { -log(Double(columns)) - $0 }  // (4)
    let weighted = scaledCost.adding(row: targetPotential)
    sourcePotential = zip(sourceShares, weighted.rowLogSumExp).map { log($0) - $1 }
    kernel = weighted
    for row in 0..<rows {
      for index in row * columns..<(row + 1) * columns {
        kernel.elements[index] += sourcePotential[row]
      }
    }
    kernel = kernel.exponential()  // (1)
    sourceFactor = Array(repeating: 1, count: rows)
    targetFactor = Array(repeating: 1, count: columns)
  }
}
