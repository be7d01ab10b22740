import LinearAlgebra
public import Randomness

/// Whether samples that the source model sees alike have the same label.
///
/// It needs the labels.
///
/// D. Bolya, R. Mittapalli, J. Hoffman. "Scalable Diverse Model Selection for Accessible Transfer
/// Learning." NeurIPS 2021.
///
/// ```
/// A_ij = 1 − corr(f_i, f_j),   B_ij = 1 − corr(e(y_i), e(y_j))                (1)
/// PARC = 100 · Spearman's ρ of A_ij and B_ij over i < j                       (2)
/// ```
///
/// The outputs' columns are standardised first; e(y) is 1 at y and 0 elsewhere, so that B has two
/// values alone. The p-value permutes the labels.
///
/// - Complexity: O(n² (k + log n + B)) for B permutations.
/// - Deviations: the correlation with a sample whose standardised outputs are all alike counts as 0,
///   where the authors' program has no number. Correlations that differ by less than 10⁻¹² are
///   ties: with two classes they all are 1 or −1, give or take rounding.
public enum PARC {
  /// The score and its permutation p-value.
  ///
  /// - Returns: nil where the target has fewer than two classes, or all correlations are alike.
  public static func measure(
    _ target: SourceOutputs, permutations: Int, key: RandomKey
  ) -> MeasuredValue? {
    let ranks = Ranks.ascending(dissimilarities(target.outputs))
    guard let score = correlation(ranks, target.labels) else { return nil }
    let permuted = (0..<permutations).compactMap { permutation in
      var stream = RandomStream(key.child("permutation", permutation))
      return correlation(ranks, stream.permutation(target.count).map { target.labels[$0] })
    }
    return MeasuredValue(
      value: 100 * score, pValue: PermutationTest.pValue(of: score, among: permuted))
  }

  /// A_ij of (1) for i < j, row after row.
  private static func dissimilarities(_ outputs: Matrix<Double>) -> [Double] {
    let count = outputs.rows
    let deviations = outputs.columnStandardDeviations.map { $0 > 0 ? 1 / $0 : 1 }
    let standard = outputs.centred.scaled(columns: deviations)
    let means = standard.rowSums.map { $0 / Double(max(outputs.columns, 1)) }
    var rows = standard
    for row in 0..<count {
      let (start, width) = (row * rows.columns, rows.columns)
      for index in start..<start + width { rows.elements[index] -= means[row] }
      let largest = standard.row(row).reduce(0) { max($0, abs($1)) }
      let norm = rows.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
      let factor = norm > 1e-12 * largest ? 1 / norm : 0
      for index in start..<start + width { rows.elements[index] *= factor }
    }
    let correlations = rows.outerGram
    var above: [Double] = []
    above.reserveCapacity(count * max(count - 1, 0) / 2)
    for row in 0..<count {
      for correlation in correlations.row(row).dropFirst(row + 1) {
        above.append(1 - (correlation * 1e12).rounded() / 1e12)
      }
    }
    return above
  }

  /// (2) over 100: B has two values, so ρ is a difference of mean ranks.
  private static func correlation(_ ranks: [Double], _ labels: [Int]) -> Double? {
    let total = Double(ranks.count)
    let mean = (total + 1) / 2
    var (different, outside, square) = (0.0, 0.0, 0.0)
    var index = 0
    for row in labels.indices {
      for other in row + 1..<max(labels.count, row + 1) {
        let rank = ranks[index] - mean
        square += rank * rank
        if labels[row] != labels[other] {
          different += 1
          outside += rank
        }
        index += 1
      }
    }
    let spread = different * (total - different) / max(total, 1)
    guard spread > 0, square > 0 else { return nil }
    return outside / (spread * square).squareRoot()
  }
}
