public import Domains
import LinearAlgebra
public import Randomness

/// The distance between the covariances of two samples.
///
/// It needs no label.
///
/// B. Sun, K. Saenko. "Deep CORAL: Correlation Alignment for Deep Domain Adaptation." ECCV 2016
/// Workshops, equation (1).
///
/// ```
/// d = ‖C_S − C_T‖²_F / 4d²,   covariances with n − 1                        (1)
/// tr C_P² = (uᵀHu − 2 p Σ_{i∈P} a_i² + p² ‖μ_P‖⁴) / (p − 1)²                 (2)
/// G = ZZᵀ,   H = G∘G,   a = Gu/p = Zμ_P
/// ```
///
/// (2) gives the distance of another division of the pooled samples from products with H and G
/// alone: Z are the pooled samples less their mean, u says which of them belong to P. It sees
/// second moments only: domains that differ in their means have distance 0.
///
/// - Complexity: O((n + m) d²) for (1), O((n + m)² (d + B)) for B permutations.
public enum CoralDistance {
  /// The distance and its permutation p-value; nil where a domain has fewer than two samples.
  public static func measure(
    source: UnlabelledSample, target: UnlabelledSample, permutations: Int, key: RandomKey
  ) -> MeasuredValue? {
    guard source.count > 1, target.count > 1, source.features.columns > 0 else { return nil }
    let width = Double(source.features.columns)
    let gap = (source.features.covariance() - target.features.covariance()).frobeniusNorm
    let value = gap * gap / (4 * width * width)  // (1)
    guard permutations > 0 else { return MeasuredValue(value: value) }
    let squares = permuted(source, target, permutations, key)
    return MeasuredValue(
      value: value,
      pValue: PermutationTest.pValue(of: squares[0], among: squares.dropFirst()))
  }

  /// ‖C_S − C_T‖²_F of the true division and of random ones.
  static func permuted(
    _ source: UnlabelledSample, _ target: UnlabelledSample, _ permutations: Int, _ key: RandomKey
  ) -> [Double] {
    let divisions = Divisions(
      source: source.count, target: target.count, permutations: permutations, key: key)
    let products = source.features.appending(rows: target.features).centred.outerGram
    let sums = divisions.sums(of: products.map { $0 * $0 })
    let (n, m) = (Double(source.count), Double(target.count))
    let means = (products * divisions.indicators) * (1 / n)
    let within = divisions.weightedSums(means) { $0 * $1 * $1 }
    let outside = divisions.weightedSums(means) { (1 - $0) * $1 * $1 }
    let norms = divisions.weightedSums(means) { $0 * $1 / n }
    // The pooled mean is 0, so μ_T = −(n/m) μ_S.
    let ratio = n / m
    return (0..<divisions.count).map { division in
      let (norm, sum) = (norms[division], sums[division])
      let ofSource =
        (sum.source - 2 * n * within[division] + n * n * norm * norm) / ((n - 1) * (n - 1))  // (2)
      let ofTarget =
        (sum.target - 2 * m * ratio * ratio * outside[division]
          + m * m * ratio * ratio * ratio * ratio * norm * norm) / ((m - 1) * (m - 1))  // (2)
      let across =
        (sum.across - m * ratio * ratio * within[division] - n * outside[division]
          + n * m * ratio * ratio * norm * norm) / ((n - 1) * (m - 1))
      return ofSource + ofTarget - 2 * across
    }
  }
}
