public import Domains
import LinearAlgebra
public import Randomness

/// The squared maximum mean discrepancy, estimated without bias.
///
/// It needs no label.
///
/// A. Gretton, K. M. Borgwardt, M. J. Rasch, B. Schölkopf, A. Smola. "A Kernel Two-Sample Test."
/// JMLR 13, 2012, lemma 6.
///
/// ```
/// MMD² = Σ_{i≠j} k(x_i, x_j) / n(n−1) + Σ_{i≠j} k(y_i, y_j) / m(m−1)
///        − 2 Σ_ij k(x_i, y_j) / nm                                        (1)
/// k(x, y) = exp(−γ ‖x − y‖²),   γ = 1 / median of the pooled ‖x − y‖²     (2)
/// ```
///
/// It may lie below 0. The median runs over different samples; where it is 0, γ is 1.
///
/// - Complexity: O((n + m)² (d + B)) for B permutations; two matrices of (n + m)² entries.
public enum MaximumMeanDiscrepancy {
  /// MMD² and its permutation p-value.
  ///
  /// With no `gamma` given, γ is that of (2). The result is nil where a domain has fewer than two
  /// samples.
  public static func measure(
    source: UnlabelledSample, target: UnlabelledSample, gamma: Double? = nil, permutations: Int,
    key: RandomKey
  ) -> MeasuredValue? {
    guard source.count > 1, target.count > 1 else { return nil }
    let distances = PooledDistances.squared(source.features, target.features)
    let median = PooledDistances.median(distances) ?? 0
    let factor = gamma ?? (median > 0 ? 1 / median : 1)  // (2)
    let kernel = distances.exponential(scaledBy: -factor)
    let divisions = Divisions(
      source: source.count, target: target.count, permutations: permutations, key: key)
    let (n, m) = (Double(source.count), Double(target.count))
    let values = divisions.sums(of: kernel).map { sums in
      (sums.source - n) / (n * (n - 1)) + (sums.target - m) / (m * (m - 1))
        - 2 * sums.across / (n * m)  // (1): k(x, x) = 1
    }
    return MeasuredValue(
      value: values[0], pValue: PermutationTest.pValue(of: values[0], among: values.dropFirst()))
  }
}
