public import Domains
import LinearAlgebra
public import Randomness

/// The energy distance between two samples.
///
/// It needs no label.
///
/// G. J. Székely, M. L. Rizzo. "Energy statistics: A class of statistics based on distances."
/// Journal of Statistical Planning and Inference 143(8), 2013.
///
/// ```
/// E² = 2 Σ_ij ‖x_i − y_j‖ / nm − Σ_ij ‖x_i − x_j‖ / n² − Σ_ij ‖y_i − y_j‖ / m²    (1)
/// ```
///
/// The distance is √E², as SciPy's for one feature; 0 where E² is within the rounding of its sums.
///
/// - Complexity: O((n + m)² (d + B)) for B permutations; two matrices of (n + m)² entries.
public enum EnergyDistance {
  /// √E² and its permutation p-value; nil where a domain is empty.
  public static func measure(
    source: UnlabelledSample, target: UnlabelledSample, permutations: Int, key: RandomKey
  ) -> MeasuredValue? {
    guard source.count > 0, target.count > 0 else { return nil }
    let distances = PooledDistances.squared(source.features, target.features)
      .map { $0.squareRoot() }
    let divisions = Divisions(
      source: source.count, target: target.count, permutations: permutations, key: key)
    let (n, m) = (Double(source.count), Double(target.count))
    let sums = divisions.sums(of: distances)
    let squares = sums.map { sums in
      2 * sums.across / (n * m) - sums.source / (n * n) - sums.target / (m * m)  // (1)
    }
    let rounding = 64 * .ulpOfOne * sums[0].across / (n * m)
    return MeasuredValue(
      value: squares[0] > rounding ? squares[0].squareRoot() : 0,
      pValue: PermutationTest.pValue(of: squares[0], among: squares.dropFirst()))
  }
}
