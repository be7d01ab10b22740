import LinearAlgebra
import Randomness

/// A permutation test: the statistic against its values under random divisions of the pooled
/// samples.
///
/// B. Phipson, G. K. Smyth. "Permutation P-values Should Never Be Zero." Statistical Applications
/// in Genetics and Molecular Biology 9(1), 2010.
///
/// ```
/// p = (1 + #{b : t_b ≥ t}) / (B + 1)                                       (1)
/// ```
///
/// Under the hypothesis that both samples come from one distribution, p ≤ α has a probability of at
/// most α, whatever the statistic.
enum PermutationTest {
  /// The share (1); values that differ from the statistic by rounding alone count as equal to it.
  ///
  /// - Returns: nil without permutations.
  static func pValue(of statistic: Double, among permuted: some Collection<Double>) -> Double? {
    guard !permuted.isEmpty else { return nil }
    let largest = permuted.reduce(abs(statistic)) { max($0, abs($1)) }
    let bar = statistic - 1e-12 * largest
    let reached = permuted.reduce(0) { $1 >= bar ? $0 + 1 : $0 }
    return Double(1 + reached) / Double(permuted.count + 1)  // (1)
  }
}

/// Divisions of n + m pooled samples into two parts of those sizes: the true one, then random ones.
struct Divisions {
  /// n.
  let sourceCount: Int
  /// m.
  let targetCount: Int
  /// 1 where a sample counts as source, (n + m) × (1 + B).
  let indicators: Matrix<Double>

  /// The true division and B drawn by the key.
  init(source: Int, target: Int, permutations: Int, key: RandomKey) {
    precondition(permutations >= 0, "The number of permutations is not negative.")
    sourceCount = source
    targetCount = target
    var indicators = Matrix<Double>(rows: source + target, columns: 1 + permutations)
    for row in 0..<source { indicators[row, 0] = 1 }
    for permutation in 0..<permutations {
      var stream = RandomStream(key.child("permutation", permutation))
      for row in stream.sample(source, of: source + target) { indicators[row, permutation + 1] = 1 }
    }
    self.indicators = indicators
  }

  /// 1 + B.
  var count: Int { indicators.columns }

  /// The sums of a symmetric matrix over the pairs within source, across, and within target.
  struct PairSums {
    /// Σ over pairs of source samples, each counted twice, and once with itself.
    let source: Double
    /// Σ over pairs of a source and a target sample.
    let across: Double
    /// Σ over pairs of target samples.
    let target: Double
  }

  /// The sums of a symmetric (n + m) × (n + m) matrix for each division.
  ///
  /// - Complexity: O(B (n + m)²), one matrix product.
  func sums(of pooled: Matrix<Double>) -> [PairSums] {
    let rowSums = pooled.rowSums
    let total = rowSums.reduce(0, +)
    let within = quadraticForms(pooled)
    let ofSource = indicators.multiplied(by: rowSums, transposing: true)
    return (0..<count).map { division in
      let across = ofSource[division] - within[division]
      return PairSums(
        source: within[division], across: across, target: total - within[division] - 2 * across)
    }
  }

  /// uᵀ K u for each division's indicator u.
  func quadraticForms(_ pooled: Matrix<Double>) -> [Double] {
    weightedSums(pooled * indicators) { $0 * $1 }
  }

  /// Σ_i f(u_i, v_i) for each division, v one column a division.
  func weightedSums(
    _ values: Matrix<Double>, _ term: (_ indicator: Double, _ value: Double) -> Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    for row in 0..<indicators.rows {
      let start = row * count
      for division in 0..<count {
        sums[division] += term(
          indicators.elements[start + division], values.elements[start + division])
      }
    }
    return sums
  }
}
