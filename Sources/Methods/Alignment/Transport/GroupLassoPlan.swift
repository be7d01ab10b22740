import Foundation
import Learners
import LinearAlgebra

/// An entropic transport plan with a penalty on how many classes send to a target sample.
///
/// N. Courty, R. Flamary, D. Tuia, A. Rakotomamonjy. IEEE TPAMI 39(9), 2017. A. Rakotomamonjy,
/// R. Flamary, N. Courty. "Generalized Conditional Gradient: Analysis of Convergence and
/// Applications." 2015.
///
/// ```
/// F(γ) = Σ_ij γ_ij C_ij + ε Σ_ij γ_ij log γ_ij + η Ω(γ)                    (1)
/// γ̂ = argmin Σ_ij γ_ij (C_ij + η ∇Ω(γ)_ij) + ε Σ_ij γ_ij log γ_ij          (2)
/// γ ← γ + τ (γ̂ − γ),   τ = 1, ½, ¼, …  until F falls enough               (3)
/// Ω = Σ_j Σ_c ‖γ_cj‖₂:           ∇Ω_ij = γ_ij / ‖γ_{y_i j}‖₂               (4)
/// Ω = Σ_j Σ_c (‖γ_cj‖₁ + s)^½:   ∇Ω_ij = ½ (‖γ_{y_i j}‖₁ + s)^(−½)         (5)
/// ```
///
/// (5) is concave in γ: its tangent lies above it, so that τ = 1 always lowers F.
struct GroupLassoPlan {
  /// Makes C.
  let cost: () -> Matrix<Double>
  let labels: [Int]
  let classCount: Int
  /// ε.
  let epsilon: Double
  /// η.
  let strength: Double
  let rounds: Int
  let iterations: Int
  /// The Sinkhorn plans' marginal error.
  let tolerance: Double

  /// s of (5).
  private static let smoothing = 1e-3

  /// The plan under (5), from the entropic plan on.
  func concavePlan() -> SinkhornPlan {
    let (cost, labels, strength) = (cost(), labels, strength)
    var plan = SinkhornPlan(cost: cost, epsilon: epsilon)
    plan.solve(iterations: iterations, tolerance: tolerance)
    for _ in 1..<max(rounds, 1) where strength > 0 {
      let slopes = plan.classMasses(labels, classCount: classCount).transposed
        .map { 0.5 / ($0 + Self.smoothing).squareRoot() }  // (5)
      plan.start(from: plan.potential) {
        var raised = cost
        raised.add(slopes, toRowsOf: labels, times: strength)
        return raised
      }
      plan.solve(iterations: iterations, tolerance: tolerance)  // (2)
    }
    return plan
  }

  /// The plan under (4), from the product of the masses on.
  func convexPlan() -> Matrix<Double> {
    var potential: [Double]?
    let cost = cost()
    var linear = cost.elements.reduce(0, +) / Double(max(cost.elements.count, 1))
    let share = 1 / Double(max(cost.elements.count, 1))
    var plan = Matrix(rows: cost.rows, columns: cost.columns, repeating: share)
    var value = Double.infinity
    var entropy = log(share)
    for _ in 0..<rounds {
      let step = step(
        from: plan, cost: cost, linear: linear, entropy: entropy, potential: potential)
      potential = step.potential
      entropy = step.entropy
      plan.move(by: step.length, to: step.best)  // (3)
      linear += step.length * step.linearChange
      let isDone = step.length == 0 || value - step.value <= 1e-15 * abs(step.value)
      value = step.value
      if isDone { break }
    }
    return plan
  }

  private struct Step {
    let best: Matrix<Double>
    let potential: [Double]
    let length: Double
    let linearChange: Double
    /// F after the step.
    let value: Double
    /// Σ γ log γ after the step.
    let entropy: Double
  }

  /// (2) and the τ of (3), from a plan with Σ γ C = `linear` and Σ γ log γ = `entropy`.
  private func step(
    from plan: Matrix<Double>, cost: Matrix<Double>, linear: Double, entropy: Double,
    potential: [Double]?
  ) -> Step {
    let norms = groups(plan, plan).map { max($0.squareRoot(), 1e-150) }
    let inverses = norms.map { strength / $0 }
    var sinkhorn = SinkhornPlan(
      epsilon: epsilon, potential: potential ?? Array(repeating: 0, count: plan.rows)
    ) {
      var raised = cost
      raised.add(plan, timesRowsOf: inverses, labels)  // (4)
      return raised
    }
    sinkhorn.solve(iterations: iterations, tolerance: tolerance)  // (2)
    let (rowLogs, columnLogs) = (sinkhorn.potential, sinkhorn.targetLogarithms)
    let best = sinkhorn.takeMatrix()

    // log γ̂ = rowLogs + columnLogs − (C + η ∇Ω) / ε gives Σ γ̂ C without C.
    let crossed = groups(plan, best)
    let squared = groups(best, best)
    let pulled = crossed.zip(inverses) { $0 * $1 }.elements.reduce(0, +)
    let bestEntropy = plan.entropy(towards: best, 1)
    let logs =
      zip(best.rowSums, rowLogs).reduce(0) { $0 + $1.0 * $1.1 }
      + zip(best.columnSums, columnLogs).reduce(0) { $0 + $1.0 * $1.1 }
    let change = epsilon * (logs - bestEntropy) - pulled - linear
    let own = norms.map { $0 * $0 }
    func value(_ length: Double, _ entropy: Double) -> Double {
      var penalty = 0.0
      for index in own.elements.indices {
        let (here, cross, there) = (
          own.elements[index], crossed.elements[index], squared.elements[index]
        )
        let rest = 1 - length
        penalty += max(
          rest * rest * here + 2 * length * rest * cross + length * length * there, 0
        ).squareRoot()
      }
      return linear + length * change + epsilon * entropy + strength * penalty  // (1)
    }
    let start = value(0, entropy)
    let slope =
      change + pulled - strength * norms.elements.reduce(0, +)
      + epsilon * plan.entropySlope(towards: best)
    var length = 1.0
    var newEntropy = bestEntropy
    var after = value(length, newEntropy)
    while after > start + 1e-4 * length * min(slope, 0) {
      length /= 2
      if length < 1e-9 {
        return Step(
          best: best, potential: rowLogs, length: 0, linearChange: 0, value: start,
          entropy: entropy)
      }
      newEntropy = plan.entropy(towards: best, length)
      after = value(length, newEntropy)
    }
    return Step(
      best: best, potential: rowLogs, length: length, linearChange: change, value: after,
      entropy: newEntropy)
  }

  /// Σ over the samples i of class c of left_ij right_ij, C × n_T.
  private func groups(_ left: Matrix<Double>, _ right: Matrix<Double>) -> Matrix<Double> {
    left.productSums(with: right, ofGroups: labels, count: classCount)
  }
}

extension Matrix<Double> {
  /// γ + τ (γ̂ − γ) in place.
  fileprivate mutating func move(by length: Double, to other: Matrix<Double>) {
    if length == 1 {
      self = other
      return
    }
    elements.withUnsafeMutableBufferPointer { entries in
      other.elements.withUnsafeBufferPointer { other in
        for index in entries.indices { entries[index] += length * (other[index] - entries[index]) }
      }
    }
  }

  /// Adds to row i another's row i times, entry by entry, the row `labels[i]` of a table.
  fileprivate mutating func add(
    _ other: Matrix<Double>, timesRowsOf table: Matrix<Double>, _ labels: [Int]
  ) {
    let width = columns
    elements.withUnsafeMutableBufferPointer { entries in
      other.elements.withUnsafeBufferPointer { other in
        table.elements.withUnsafeBufferPointer { table in
          for (row, label) in labels.enumerated() {
            for column in 0..<width {
              let index = row * width + column
              entries[index] += other[index] * table[label * width + column]
            }
          }
        }
      }
    }
  }
}
