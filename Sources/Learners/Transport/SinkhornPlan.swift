internal import CTransport
import Foundation
public import LinearAlgebra

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
/// (2) costs two products of a matrix and a vector, in one pass over the matrix. Where a factor
/// leaves a safe range, the factors go into the potentials (3) and one step is made on logarithms
/// (4), after which every row of K has its sum: no quotient is ever infinite, however small ε.
///
/// K lies where the costs lay. (4) needs them again, and asks for them: they may be kept, or made
/// anew.
public struct SinkhornPlan {
  /// The largest factor tolerated.
  private static let safeFactor = exp(100.0)

  private var cost: () -> Matrix<Double>
  private let epsilon: Double
  private var sourcePotential: [Double]
  private var targetPotential: [Double] = []
  private var kernel = Matrix<Double>(rows: 0, columns: 0)
  private var sourceFactor: [Double] = []
  private var targetFactor: [Double] = []
  /// Kᵀu.
  private var columnSums: [Double] = []

  /// Σ_j |Σ_i γ_ij − 1/n_T|: how far the plan is from the target's marginal.
  public private(set) var marginalError = Double.infinity
  /// The iterations made.
  public private(set) var iterations = 0

  /// The problem of a cost matrix, n_S × n_T, at its first logarithmic step.
  public init(cost: Matrix<Double>, epsilon: Double) {
    self.init(epsilon: epsilon, potential: Array(repeating: 0, count: cost.rows)) { cost }
  }

  /// The problem of a cost matrix that is made when it is asked for, from a potential φ on.
  public init(epsilon: Double, potential: [Double], cost: @escaping () -> Matrix<Double>) {
    self.cost = cost
    self.epsilon = epsilon
    sourcePotential = potential
    stepOnLogarithms()
  }

  /// Begins anew with other costs of the same samples.
  public mutating func start(from potential: [Double], cost: @escaping () -> Matrix<Double>) {
    self.cost = cost
    sourcePotential = potential
    iterations = 0
    stepOnLogarithms()
  }

  /// n_S.
  public var rows: Int { kernel.rows }
  /// n_T.
  public var columns: Int { kernel.columns }

  /// φ with log u: where a problem with similar costs may start.
  public var potential: [Double] { zip(sourcePotential, sourceFactor).map { $0 + log($1) } }

  /// ψ with log v.
  public var targetLogarithms: [Double] { zip(targetPotential, targetFactor).map { $0 + log($1) } }

  /// The plan, n_S × n_T; its rows sum to 1/n_S.
  public var matrix: Matrix<Double> {
    var copy = self
    return copy.takeMatrix()
  }

  /// The plan, made of the kernel, which is gone then.
  public mutating func takeMatrix() -> Matrix<Double> {
    var plan = kernel
    kernel = Matrix(rows: 0, columns: 0)
    let width = plan.columns
    plan.elements.withUnsafeMutableBufferPointer { entries in
      targetFactor.withUnsafeBufferPointer { targetFactor in
        for (row, factor) in sourceFactor.enumerated() {
          for column in 0..<width { entries[row * width + column] *= factor * targetFactor[column] }
        }
      }
    }
    return plan
  }

  /// γ X, n_S × d, of the target's features.
  public func multiplied(by features: Matrix<Double>) -> Matrix<Double> {
    kernel.multiplied(by: features.scaled(rows: targetFactor)).scaled(rows: sourceFactor)
  }

  /// Σ over the source samples of class c of γ_ij, n_T × C.
  public func classMasses(_ labels: [Int], classCount: Int) -> Matrix<Double> {
    var members = Matrix<Double>(rows: rows, columns: classCount)
    for (row, label) in labels.enumerated() { members[row, label] = sourceFactor[row] }
    return kernel.multiplied(by: members, transposingSelf: true).scaled(rows: targetFactor)
  }

  /// Iterates until the marginal error is below the tolerance.
  public mutating func solve(iterations limit: Int, tolerance: Double) {
    var newTarget = targetFactor
    var newSource = sourceFactor
    var newSums = columnSums
    while true {
      marginalError = 0
      for index in columnSums.indices {
        marginalError += abs(columnSums[index] * targetFactor[index] - 1 / Double(columns))
      }
      if marginalError < tolerance || iterations >= limit { return }
      iterations += 1
      let isSafe = ct_sinkhorn_step(
        rows, columns, kernel.elements, Self.safeFactor, columnSums, &newSource, &newTarget,
        &newSums)  // (2)
      if isSafe != 0 {
        swap(&sourceFactor, &newSource)
        swap(&targetFactor, &newTarget)
        swap(&columnSums, &newSums)
      } else {
        sourcePotential = potential  // (3)
        stepOnLogarithms()
      }
    }
  }

  private mutating func stepOnLogarithms() {
    kernel = Matrix(rows: 0, columns: 0)
    kernel = cost()
    let (rows, columns) = (kernel.rows, kernel.columns)
    targetPotential = Array(repeating: 0, count: columns)
    let status = ct_sinkhorn_logarithms(
      rows, columns, -1 / epsilon, &sourcePotential, &targetPotential, &kernel.elements)  // (4)
    precondition(Int(status) == CT_OPTIMAL, "There is no memory for a few rows of a kernel.")
    sourceFactor = Array(repeating: 1, count: rows)
    targetFactor = Array(repeating: 1, count: columns)
    columnSums = kernel.columnSums
  }
}

extension Matrix<Double> {
  /// The median of costs, none of them negative; their mean where it is 0, and 1 where all are.
  public var typicalCost: Double {
    let count = elements.count
    guard let largest = elements.max(), largest > 0 else { return 1 }
    let upper = ct_select(count, elements, count / 2)
    let median = count % 2 == 1 ? upper : (ct_select(count, elements, count / 2 - 1) + upper) / 2
    // A median of rounding size would make ε vanish beside the other costs.
    return median > 1e-9 * largest ? median : elements.reduce(0, +) / Double(count)
  }
}
