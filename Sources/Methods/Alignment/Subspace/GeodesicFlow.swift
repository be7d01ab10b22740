import Foundation
import LinearAlgebra

/// The geodesic between two subspaces, and the kernel of all subspaces along it.
///
/// ```
/// P_Sᵀ P_T = U diag(cos θ) Vᵀ,   A = P_S U,   B = P_T V                   (1)
/// R sin θ = B − A cos θ                                                  (2)
/// Φ(t) = A cos(tθ) + R sin(tθ),   Φ(0) = A,   Φ(1) = B                    (3)
/// G = ∫₀¹ Φ(t) Φ(t)ᵀ dt = Σ_i (a_i, r_i) Λ_i (a_i, r_i)ᵀ                   (4)
/// Λ = ½ [1 + s, c; c, 1 − s],   s = sin 2θ / 2θ,   c = sin² θ / θ         (5)
/// Λ^½ = (Λ + δI) / (1 + 2δ)^½,   δ = (det Λ)^½                             (6)
/// G = M Mᵀ,   M = (A, R) Λ^½                                              (7)
/// ```
///
/// P_S, P_T are orthonormal, d × k; (5) and (6) hold for each of the k principal angles θ. The
/// trace of each Λ is 1. Inner products and distances under G are those of the 2k features x M:
/// G itself, d × d, is never formed.
///
/// - Complexity: O(d k² + k³).
struct GeodesicFlow: Sendable {
  /// θ, the principal angles between the subspaces, ascending, in radians.
  let angles: [Double]
  /// M, d × 2k.
  let map: Matrix<Double>
  private let start: Matrix<Double>
  private let direction: Matrix<Double>

  /// The flow between two subspaces of one dimension, given by orthonormal columns.
  init(from source: Matrix<Double>, to target: Matrix<Double>) throws(LinearAlgebraError) {
    precondition(
      source.rows == target.rows && source.columns == target.columns,
      "A geodesic joins subspaces of one dimension.")
    let (dimensions, count) = (source.rows, source.columns)
    let principal = try source.multiplied(by: target, transposingSelf: true).singularValues()
    start = source * principal.left  // (1)
    let end = target * principal.right
    let cosines = principal.values.map { min($0, 1) }
    let rest = (end - start.scaled(columns: cosines)).transposed
    let sines = rest.rowSquaredNorms.map { $0.squareRoot() }
    direction = rest.scaled(rows: sines.map { $0 > 1e-12 ? 1 / $0 : 0 }).transposed  // (2)
    var map = Matrix<Double>(rows: dimensions, columns: 2 * count)
    var angles: [Double] = []
    for column in 0..<count {
      let angle = atan2(sines[column], cosines[column])
      angles.append(angle)
      let isZero = angle < 1e-12
      let ratio = isZero ? 1 : sin(2 * angle) / (2 * angle)
      let (first, second) = (0.5 * (1 + ratio), 0.5 * (1 - ratio))  // (5)
      let mixed = isZero ? 0 : 0.5 * sin(angle) * sin(angle) / angle
      let delta = max(first * second - mixed * mixed, 0).squareRoot()
      let scale = 1 / (1 + 2 * delta).squareRoot()  // (6)
      for row in 0..<dimensions {
        let (a, r) = (start[row, column], direction[row, column])
        map[row, 2 * column] = scale * ((first + delta) * a + mixed * r)  // (7)
        map[row, 2 * column + 1] = scale * (mixed * a + (second + delta) * r)
      }
    }
    self.map = map
    self.angles = angles
  }

  /// Φ(t), d × k: the subspace that far along the way.
  func subspace(at t: Double) -> Matrix<Double> {
    start.scaled(columns: angles.map { cos(t * $0) })
      + direction.scaled(columns: angles.map { sin(t * $0) })  // (3)
  }

  /// The features x M of n samples, n × 2k.
  func features(of samples: Matrix<Double>) -> Matrix<Double> { samples * map }
}
