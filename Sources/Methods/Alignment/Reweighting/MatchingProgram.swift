import Foundation
import LinearAlgebra

/// The quadratic program of kernel mean matching, solved by an interior-point method.
///
/// S. Mehrotra. "On the Implementation of a Primal-Dual Interior Point Method." SIAM Journal on
/// Optimization 2(4), 1992, for the steps.
///
/// ```
/// min ½ xᵀKx − κᵀx,   Gx + s = h,  s ≥ 0                                 (1)
/// rows of Gx: −x_i ≤ 0,  x_i ≤ B_i,  Σx ≤ upper,  −Σx ≤ −lower           (2)
/// r = Kx − κ + Gᵀz,   p = Gx + s − h,   μ = sᵀz / m                      (3)
/// (K + Gᵀ diag(z/s) G) Δx = −r − Gᵀ((z p − c) / s)                       (4)
/// Δs = −p − GΔx,   Δz = −(c + z Δs) / s                                  (5)
/// c = s z, then s z + Δs Δz − σμ,   σ = (μ after the first step / μ)³    (6)
/// ```
///
/// The matrix of (4) is K with a diagonal and a constant added: one Cholesky factor an iteration,
/// whatever the condition of K, which with smooth kernels in few dimensions is hopeless for
/// gradient methods.
struct MatchingProgram {
  let kernel: Matrix<Double>
  let attraction: [Double]
  let bounds: [Double]
  let sums: ClosedRange<Double>
  /// The duality gap left, as a share of the objective.
  var tolerance = 1e-7

  private var count: Int { attraction.count }

  /// x, where the duality gap sᵀz is below `tolerance` of the objective.
  func solution() throws(LinearAlgebraError) -> [Double] {
    let limits =
      Array(repeating: 0, count: count) + bounds
      + [sums.upperBound, -sums.lowerBound]
    var point = bounds.map { min(1, $0 / 2) }
    var slacks = zip(limits, constrained(point)).map { max($0 - $1, 1e-2) }
    var duals = [Double](repeating: attraction.reduce(0, +) / Double(count), count: limits.count)
    for _ in 0..<100 {
      let image = kernel.multiplied(by: point)
      let pulled = transposed(duals)
      let residual = (0..<count).map { image[$0] - attraction[$0] + pulled[$0] }
      let values = constrained(point)
      let excess = limits.indices.map { values[$0] + slacks[$0] - limits[$0] }  // (3)
      let gap = dot(slacks, duals)
      let objective = 0.5 * dot(point, image) - dot(attraction, point)
      let allowed = tolerance * abs(objective)
      if gap <= allowed, norm(residual) * norm(point) <= allowed,
        norm(excess) <= 1e-9 * norm(point)
      {
        break
      }
      let factor = try normalMatrix(zip(duals, slacks).map { $0 / $1 }).ridgedCholesky()
      /// The step that makes each product s z fall by the given amount.
      func step(_ products: [Double]) -> Step {
        let inner = limits.indices.map { (duals[$0] * excess[$0] - products[$0]) / slacks[$0] }
        let outer = transposed(inner)
        let right = (0..<count).map { -residual[$0] - outer[$0] }
        let change = factor.solve(Matrix(rows: count, columns: 1, elements: right)).elements  // (4)
        let moved = constrained(change)
        let slackChange = limits.indices.map { -excess[$0] - moved[$0] }
        let dualChange = limits.indices.map {
          -(products[$0] + duals[$0] * slackChange[$0]) / slacks[$0]
        }  // (5)
        return Step(point: change, slacks: slackChange, duals: dualChange)
      }
      let products = zip(slacks, duals).map { $0 * $1 }
      let trial = step(products)
      let length = trial.length(slacks, duals)
      let after = dot(
        zip(slacks, trial.slacks).map { $0 + length * $1 },
        zip(duals, trial.duals).map { $0 + length * $1 })
      let centring = pow(after / gap, 3) * gap / Double(limits.count)  // (6)
      let final = step(
        products.indices.map { products[$0] + trial.slacks[$0] * trial.duals[$0] - centring })
      let share = 0.99 * final.length(slacks, duals)
      for index in point.indices { point[index] += share * final.point[index] }
      for index in limits.indices {
        slacks[index] += share * final.slacks[index]
        duals[index] += share * final.duals[index]
      }
      if share < 1e-12 { break }
    }
    return zip(point, bounds).map { min(max($0, 0), $1) }
  }

  /// Gx, by (2).
  private func constrained(_ vector: [Double]) -> [Double] {
    let sum = vector.reduce(0, +)
    return vector.map { -$0 } + vector + [sum, -sum]  // (2)
  }

  /// Gᵀz.
  private func transposed(_ vector: [Double]) -> [Double] {
    let shift = vector[2 * count] - vector[2 * count + 1]
    return (0..<count).map { vector[count + $0] - vector[$0] + shift }
  }

  /// The matrix of (4).
  private func normalMatrix(_ ratios: [Double]) -> Matrix<Double> {
    let shift = ratios[2 * count] + ratios[2 * count + 1]
    var matrix = kernel.map { $0 + shift }
    for index in 0..<count {
      matrix.elements[index * (count + 1)] += ratios[index] + ratios[count + index]
    }
    return matrix
  }

  private func dot(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func norm(_ vector: [Double]) -> Double {
    dot(vector, vector).squareRoot()
  }

  /// A change of all variables.
  private struct Step {
    let point: [Double]
    let slacks: [Double]
    let duals: [Double]

    /// The longest step, at most 1, that keeps slacks and duals at 0 or above.
    func length(_ slacks: [Double], _ duals: [Double]) -> Double {
      var length = 1.0
      for (value, change) in zip(slacks, self.slacks) where change < 0 {
        length = min(length, -value / change)
      }
      for (value, change) in zip(duals, self.duals) where change < 0 {
        length = min(length, -value / change)
      }
      return length
    }
  }
}
