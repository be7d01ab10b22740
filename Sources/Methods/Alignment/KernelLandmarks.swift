import LinearAlgebra
import Randomness

/// A kernel seen from a few samples: the Nyström approximation.
///
/// C. K. I. Williams, M. Seeger. "Using the Nyström Method to Speed Up Kernel Machines." NIPS 2000.
///
/// ```
/// K_LL = V Λ Vᵀ,   Φ(X) = K(X, L) V Λ^(−½)                               (1)
/// K(X, Y) ≈ Φ(X) Φ(Y)ᵀ,   exact where X = L                              (2)
/// ```
///
/// L holds m landmarks, drawn at random without replacement. Eigenvalues that are rounding are left
/// out, so Φ has r ≤ m columns.
///
/// - Complexity: O(m³) once, O(n m (d + r)) for n samples.
struct KernelLandmarks: Sendable {
  /// k.
  let kernel: KernelFunction<Double>
  /// L, m × d.
  let landmarks: Matrix<Double>
  /// V Λ^(−½), m × r.
  private let basis: Matrix<Double>

  init(
    _ kernel: KernelFunction<Double>, among samples: Matrix<Double>, count: Int, key: RandomKey
  ) throws(LinearAlgebraError) {
    var stream = RandomStream(key)
    let drawn = stream.permutation(samples.rows).prefix(count).sorted()
    self.kernel = kernel
    landmarks = samples.selecting(rows: drawn)
    let eigen = try kernel.matrix(landmarks).symmetricEigen()
    let floor = (eigen.values.last ?? 0) * Double(drawn.count) * .ulpOfOne
    let rejected = eigen.values.prefix { !($0 > floor) }.count
    basis = eigen.vectors.selecting(columns: rejected..<drawn.count)
      .scaled(columns: eigen.values.dropFirst(rejected).map { 1 / $0.squareRoot() })  // (1)
  }

  /// Φ(X), n × r.
  func features(of samples: Matrix<Double>) -> Matrix<Double> {
    kernel.matrix(samples, landmarks) * basis  // (1)
  }
}
