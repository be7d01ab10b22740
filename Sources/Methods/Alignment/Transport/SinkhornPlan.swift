import Foundation
import LinearAlgebra

/// The entropic transport plan between two uniform samples, found without underflow.
///
/// M. Cuturi. NIPS 2013, for (1) and (2). B. Schmitzer. "Stabilized Sparse Scaling Algorithms
/// for Entropy Regularized Transport Problems." SIAM J. Sci. Comput. 41(3), 2019, for (3).
///
/// ```
/// γ_ij = u_i K_ij v_j,   K_ij = exp(φ_i + ψ_j − C_ij / ε)                 (1)
/// v ← (1/n_T) / Kᵀu,   u ← (1/n_S) / Kv                                   (2)
/// φ ← φ + log u,  ψ ← ψ + log v,  u ← 1,  v ← 1   when u or v grow large  (3)
/// ψ_j ← −log n_T − log Σ_i exp(φ_i − C_ij / ε), then φ likewise           (4)
/// ```
///
/// (2) costs two products of a matrix and a vector. Where a factor leaves a safe range, the
/// factors go into the potentials (3) and one step is made on logarithms (4), after which every
/// row of K has its sum: no quotient is ever infinite, however small ε.
struct SinkhornPlan {
  /// log of the largest factor tolerated.
  private static let safeLogarithm = 100.0

  private let scaledCost: Matrix<Double>
  private let transposedCost: Matrix<Double>
  private var sourcePotential: [Double]
  private var targetPotential: [Double]
  private var kernel: Matrix<Double>
  private var sourceFactor: [Double]
  private var targetFactor: [Double]

  /// Σ_j |Σ_i γ_ij − 1/n_T|: how far the plan is from the target's marginal.
  private(set) var marginalError = Double.infinity
  /// The iterations made.
  private(set) var iterations = 0

  /// The problem of a cost matrix, n_S × n_T, at its first logarithmic step.
  init(cost: Matrix<Double>, epsilon: Double) {
    scaledCost = cost * (-1 / epsilon)
    transposedCost = scaledCost.transposed
    sourcePotential = Array(repeating: 0, count: cost.rows)
    targetPotential = Array(repeating: 0, count: cost.columns)
    sourceFactor = Array(repeating: 1, count: cost.rows)
    targetFactor = Array(repeating: 1, count: cost.columns)
    kernel = scaledCost
    stepOnLogarithms()
  }

  /// The plan, n_S × n_T; its rows sum to 1/n_S.
  var matrix: Matrix<Double> {
    kernel.scaled(rows: sourceFactor).scaled(columns: targetFactor)
  }

  /// Iterates until the marginal error is below the tolerance.
  mutating func solve(iterations limit: Int, tolerance: Double) {
    let (rows, columns) = (Double(kernel.rows), Double(kernel.columns))
    while iterations < limit {
      let columnSums = kernel.multiplied(by: sourceFactor, transposing: true)
      marginalError = zip(columnSums, targetFactor).reduce(0) {
        $0 + abs($1.0 * $1.1 - 1 / columns)
      }
      if marginalError < tolerance { return }
      iterations += 1
      let newTarget = columnSums.map { 1 / ($0 * columns) }
      let newSource = kernel.multiplied(by: newTarget).map { 1 / ($0 * rows) }  // (2)
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
    sourcePotential = weighted.rowLogSumExp.map { -log(Double(rows)) - $0 }
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
