import Foundation
import LinearAlgebra

/// How much the target's classes overlap in the source model's outputs.
///
/// It needs their labels.
///
/// M. Pándy, A. Agostinelli, J. Uijlings, V. Ferrari, T. Mensink. "Transferability Estimation using
/// Bhattacharyya Class Separability." CVPR 2022.
///
/// ```
/// D(a, b) = ⅛ (μ_a − μ_b)ᵀ Σ⁻¹ (μ_a − μ_b) + ½ log(|Σ| / √(|Σ_a| |Σ_b|)),
/// Σ = (Σ_a + Σ_b) / 2                                                       (1)
/// GBC = −Σ_{a ≠ b} exp(−D(a, b))                                            (2)
/// ```
///
/// Each class is a Gaussian with a diagonal covariance, or one with a single variance (the mean of
/// the diagonal). Variances divide by the class's count and are at least 10⁻⁴. At most 0, which is
/// reached where no classes overlap; with C classes at least −C(C − 1).
///
/// - Complexity: O(n k + C² k).
/// - Deviations: the authors' program leaves out that the determinants of spherical covariances are
///   k-th powers, and projects the outputs of networks to 64 components before.
public enum GaussianBhattacharyya {
  /// The shape of a class's covariance.
  public enum Covariance: Sendable, CaseIterable {
    case diagonal
    case spherical
  }

  /// The least variance.
  static let floor = 1e-4

  /// The score; nil where the target has fewer than two classes.
  public static func score(
    _ target: SourceOutputs, covariance: Covariance = .diagonal
  ) -> Double? {
    let classes = target.classes
    guard classes.count > 1, target.outputs.columns > 0 else { return nil }
    let moments = classes.map { entry in
      let rows = target.outputs.selecting(rows: entry.rows)
      let variances = rows.columnStandardDeviations.map { max($0 * $0, floor) }
      let mean = variances.reduce(0, +) / Double(variances.count)
      return (
        means: rows.columnMeans,
        variances: covariance == .diagonal
          ? variances : Array(repeating: mean, count: variances.count)
      )
    }
    var sum = 0.0
    for first in moments.indices {
      for second in moments.indices where second != first {
        var distance = 0.0
        for column in 0..<target.outputs.columns {
          let (one, two) = (moments[first].variances[column], moments[second].variances[column])
          let gap = moments[first].means[column] - moments[second].means[column]
          let middle = (one + two) / 2
          distance += gap * gap / middle / 8 + (log(middle) - (log(one) + log(two)) / 2) / 2  // (1)
        }
        sum += exp(-distance)
      }
    }
    return -sum  // (2)
  }
}
