import Foundation

/// What two partitions of given sizes agree in by chance.
enum ChanceAgreement {
  /// The expected mutual information of two partitions drawn at random with these part sizes.
  ///
  /// N. X. Vinh, J. Epps, J. Bailey. "Information theoretic measures for clusterings comparison."
  /// JMLR 11, 2010, equation 24a.
  ///
  /// ```
  /// E I = Σ_{a, b} Σ_k P(k; a, b) k/N ln(N k / (a b)),   k hypergeometric               (1)
  /// P(k + 1)/P(k) = (a − k)(b − k) / ((k + 1)(N − a − b + k + 1))                       (2)
  /// ```
  ///
  /// Each P is built from its mode outwards by (2) and divided by its sum, so no factorial of a
  /// large number is taken. Nil where a size isn't a whole number.
  ///
  /// - Complexity: O(Σ_{a, b} √(ab/N)) terms above the rounding of the sum.
  static func mutualInformation(_ rows: [Double], _ columns: [Double]) -> Double? {
    let whole = total(rows)
    guard (rows + columns).allSatisfy({ $0 == $0.rounded() && $0 >= 0 }) else { return nil }
    var information = 0.0
    for row in rows where row > 0 {
      for column in columns where column > 0 { information += expected(row, column, whole) }
    }
    return information
  }

  /// The inner sum of (1).
  private static func expected(_ row: Double, _ column: Double, _ whole: Double) -> Double {
    let least = max(0, row + column - whole)
    let most = min(row, column)
    func ratio(_ count: Double) -> Double {
      (row - count) * (column - count) / ((count + 1) * (whole - row - column + count + 1))  // (2)
    }
    func term(_ count: Double) -> Double {
      count > 0 ? count / whole * log(whole * count / (row * column)) : 0
    }
    let mode = min(most, max(least, ((row + 1) * (column + 1) / (whole + 2)).rounded(.down)))
    var mass = 1.0
    var sum = term(mode)
    var probability = 1.0
    var count = mode
    while count < most, probability > 1e-18 {
      probability *= ratio(count)
      count += 1
      mass += probability
      sum += probability * term(count)
    }
    probability = 1
    count = mode
    while count > least, probability > 1e-18 {
      count -= 1
      probability /= ratio(count)
      mass += probability
      sum += probability * term(count)
    }
    return sum / mass
  }
}
