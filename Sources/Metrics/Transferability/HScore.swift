public import Learners
import LinearAlgebra

/// How much of the outputs' variance lies between the target's classes.
///
/// It needs their labels.
///
/// Y. Bao et al. "An Information-Theoretic Approach to Transferability in Task Transfer Learning."
/// ICIP 2019, for (1). S. Ibrahim, N. Ponomareva, R. Mazumder. "Newer is not always better:
/// Rethinking transferability metrics, their peculiarities, stability and performance." 2021, for
/// (2). O. Ledoit, M. Wolf. "A well-conditioned estimator for large-dimensional covariance
/// matrices." Journal of Multivariate Analysis 88(2), 2004, for α in (3).
///
/// ```
/// H = tr(cov(f)⁺ cov(E[f | y]))                                             (1)
/// H_α = tr(Σ_α⁻¹ (1 − α) cov(E[f | y]))                                     (2)
/// Σ_α = (1 − α) S + α μ I,   S = cov(f) with n,   μ = tr S / k,
/// α = min(β², δ²) / δ²,   δ² = ‖S − μI‖²_F / k,
/// β² = (1/n² Σ_i ‖f_i‖⁴ − ‖S‖²_F / n) / k                                   (3)
/// ```
///
/// f are the centred outputs; the covariances of (1) and (2) divide by n − 1. Eigenvalues of cov(f)
/// below max(n, k) times the machine precision times the largest count as 0.
///
/// - Complexity: O(n k² + k³).
/// - Deviations: the authors' program cuts eigenvalues at 10⁻¹⁵, which is rounding: class
///   probabilities sum to 1, so that one eigenvalue is 0.
public enum HScore {
  /// H; nil for fewer than two samples or for outputs that are all alike.
  ///
  /// - Throws: a `LearnerError` where an output isn't finite or LAPACK fails.
  public static func score(_ target: SourceOutputs) throws(LearnerError) -> Double? {
    guard target.count > 1 else { return nil }
    return try trace(
      covariance: target.outputs.covariance(), between: target.classMeans.covariance(),
      of: target.outputs)  // (1)
  }

  /// H_α; nil as `score`.
  ///
  /// - Throws: as `score`.
  public static func regularized(_ target: SourceOutputs) throws(LearnerError) -> Double? {
    guard target.count > 1, target.outputs.columns > 0 else { return nil }
    let (covariance, shrinkage) = ledoitWolf(target.outputs)
    let between = target.classMeans.covariance() * (1 - shrinkage)
    return try trace(covariance: covariance, between: between, of: target.outputs)  // (2)
  }

  /// Σ_α and α.
  static func ledoitWolf(_ outputs: Matrix<Double>) -> (covariance: Matrix<Double>, Double) {
    let (n, k) = (Double(outputs.rows), Double(outputs.columns))
    let sample = outputs.covariance(.population)
    let mean = sample.trace / k
    let norm = sample.frobeniusNorm
    let spread = (norm * norm - k * mean * mean) / k
    let fourth = outputs.centred.rowSquaredNorms.reduce(0) { $0 + $1 * $1 }
    let noise = (fourth / (n * n) - norm * norm / n) / k
    let shrinkage = spread > 0 ? max(0, min(noise, spread)) / spread : 0
    return ((sample * (1 - shrinkage)).adding(diagonal: shrinkage * mean), shrinkage)  // (3)
  }

  /// tr(A⁺ B); nil where A is 0.
  private static func trace(
    covariance: Matrix<Double>, between: Matrix<Double>, of outputs: Matrix<Double>
  ) throws(LearnerError) -> Double? {
    let eigen = try LearnerError.algebra { () throws(LinearAlgebraError) in
      try covariance.symmetricEigen()
    }
    // A variance within the rounding of the means is none.
    let rounding = (outputs.elements.reduce(0) { max($0, abs($1)) }) * 8 * .ulpOfOne
    guard let largest = eigen.values.last, largest > rounding * rounding else { return nil }
    let floor = largest * .ulpOfOne * Double(max(outputs.rows, outputs.columns))
    let rotated = between * eigen.vectors
    var sum = 0.0
    for (column, value) in eigen.values.enumerated() where value > floor {
      for row in 0..<rotated.rows {
        sum += eigen.vectors[row, column] * rotated[row, column] / value
      }
    }
    return sum
  }
}

extension LearnerError {
  /// Runs decompositions whose failure is a learner's.
  static func algebra<Value>(
    _ body: () throws(LinearAlgebraError) -> Value
  ) throws(LearnerError) -> Value {
    do {
      return try body()
    } catch {
      throw .linearAlgebra(error)
    }
  }
}
