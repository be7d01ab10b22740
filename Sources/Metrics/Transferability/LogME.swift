import Foundation
public import Learners
import LinearAlgebra

/// The log evidence of a linear model of the labels on the source model's outputs, at its maximum.
///
/// It needs the target's labels. K. You, Y. Liu, J. Wang, M. Long. "LogME: Practical Assessment of
/// Pre-trained Models for Transfer Learning." ICML 2021, algorithm 1.
///
/// ```
/// y ~ N(Fw, β⁻¹),   w ~ N(0, α⁻¹ I),   FᵀF = V diag(σ) Vᵀ                    (1)
/// m = β (αI + βFᵀF)⁻¹ Fᵀy,   γ = Σ_j βσ_j / (α + βσ_j)                       (2)
/// α ← γ / ‖m‖²,   β ← (n − γ) / ‖y − Fm‖²                                    (3)
/// L = ½ (k log α + n log β − Σ_j log(α + βσ_j) − β‖y − Fm‖² − α‖m‖² − n log 2π) / n   (4)
/// ```
///
/// One model for each class that the target has, y being 1 for its samples and 0 for others; the
/// score is the mean of L. (2) and (3) are repeated until α/β changes by less than 1 %, at most 11
/// times.
///
/// - Complexity: O(n k² + k³ + C n k).
/// - Deviations: ‖y − Fm‖² and ‖m‖² count as at least 10⁻¹² times ‖y‖², where the authors' program
///   divides by 0: outputs that give the labels exactly have a large score, not an infinite one.
public enum LogME {
  /// The score; nil without samples or with outputs that are all 0.
  ///
  /// - Throws: a `LearnerError` where an output isn't finite or LAPACK fails.
  public static func score(_ target: SourceOutputs) throws(LearnerError) -> Double? {
    guard target.count > 0, target.outputs.columns > 0 else { return nil }
    let eigen = try LearnerError.algebra { () throws(LinearAlgebraError) in
      try target.outputs.gram.symmetricEigen()  // (1)
    }
    let values = eigen.values.map { max(0, $0) }
    guard let largest = values.last, largest > 0 else { return nil }
    let classes = target.classes
    let sum = classes.reduce(0) { sum, entry in
      var labels = [Double](repeating: 0, count: target.count)
      for row in entry.rows { labels[row] = 1 }
      return sum + evidence(target.outputs, labels, values, eigen.vectors)
    }
    return sum / Double(classes.count)
  }

  /// L of one class.
  private static func evidence(
    _ outputs: Matrix<Double>, _ labels: [Double], _ values: [Double], _ vectors: Matrix<Double>
  ) -> Double {
    let (n, k) = (Double(outputs.rows), Double(outputs.columns))
    let projected = vectors.multiplied(
      by: outputs.multiplied(by: labels, transposing: true), transposing: true)
    let least = 1e-12 * labels.reduce(0) { $0 + $1 * $1 }
    var (alpha, beta) = (1.0, 1.0)
    var (error, length) = (0.0, 0.0)
    for _ in 0..<11 {
      let ratio = alpha / beta
      let gamma = values.reduce(0) { $0 + $1 / ($1 + ratio) }  // (2)
      let coordinates = zip(values, projected).map { beta * $1 / (alpha + beta * $0) }
      let predicted = outputs.multiplied(by: vectors.multiplied(by: coordinates))
      length = max(least, coordinates.reduce(0) { $0 + $1 * $1 })
      error = max(least, zip(labels, predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
      alpha = gamma / length  // (3)
      beta = max(n - gamma, .leastNormalMagnitude) / error
      if abs(alpha / beta - ratio) / ratio < 0.01 { break }
    }
    let determinant = values.reduce(0) { $0 + log(alpha + beta * $1) }
    let fit = k * log(alpha) + n * log(beta) - determinant
    let misfit = beta * error + alpha * length + n * log(2 * Double.pi)
    return 0.5 * (fit - misfit) / n  // (4)
  }
}
