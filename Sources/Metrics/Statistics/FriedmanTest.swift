import Foundation

/// Friedman's test and Iman and Davenport's: whether k methods rank alike over n blocks.
///
/// M. Friedman. "The use of ranks to avoid the assumption of normality implicit in the analysis of
/// variance." JASA 32, 1937. R. L. Iman, J. M. Davenport. "Approximations of the critical region of
/// the Friedman statistic." Communications in Statistics A 9(6), 1980. As in J. Demšar, JMLR 7,
/// 2006, with the correction for ties that SciPy's `friedmanchisquare` has.
///
/// ```
/// R_j  the mean rank of method j over the blocks, 1 the best, equal scores sharing their ranks
/// χ² = [12 n / (k (k + 1)) Σ_j R_j² − 3 n (k + 1)] / [1 − Σ(t³ − t) / (n k (k² − 1))]       (1)
/// F  = (n − 1) χ² / (n (k − 1) − χ²),   with k − 1 and (k − 1)(n − 1) degrees of freedom    (2)
/// ```
///
/// Friedman's χ² is conservative for few blocks; F is the one to read. Where all blocks agree F is
/// infinite, and its probability is that of n orders alike, (k!)¹⁻ⁿ.
public struct FriedmanTest: Sendable, Hashable {
  /// The number of blocks, n.
  public let blockCount: Int
  /// The mean rank of each method, 1 the best.
  public let meanRanks: [Double]
  /// Friedman's χ²; nil where every score of every block is equal.
  public let chiSquared: Double?
  /// P(χ² or more) if all methods rank alike; 1 where all scores are equal.
  public let pValue: Double
  /// Iman and Davenport's F; nil for one block, where no block differs or where all agree.
  public let fisher: Double?
  /// P(F or more) if all methods rank alike; nil for one block.
  public let fisherPValue: Double?

  /// The number of methods, k.
  public var methodCount: Int { meanRanks.count }

  /// The test of scores, a row for each block and a column for each method.
  ///
  /// - Precondition: one or more blocks of two or more methods, every block with as many.
  public init(blocks: [[Double]], higherIsBetter: Bool = true) {
    precondition(
      !blocks.isEmpty && blocks[0].count > 1, "A Friedman test has blocks of two or more methods.")
    precondition(
      blocks.allSatisfy { $0.count == blocks[0].count }, "Every block has every method.")
    let (n, k) = (Double(blocks.count), Double(blocks[0].count))
    var sums = [Double](repeating: 0, count: blocks[0].count)
    var ties = 0.0
    for block in blocks {
      let ranks = Ranks.ascending(higherIsBetter ? block.map { -$0 } : block)
      for (place, rank) in ranks.enumerated() { sums[place] += rank }
      ties += Ranks.tieTerm(block)
    }
    blockCount = blocks.count
    meanRanks = sums.map { $0 / n }
    let correction = 1 - ties / (n * k * (k * k - 1))
    guard correction > 1e-12 else {
      (chiSquared, pValue, fisher) = (nil, 1, nil)
      fisherPValue = blocks.count > 1 ? 1 : nil
      return
    }
    // Sums of ranks less their mean: no difference of large numbers.
    let spread = sums.reduce(0) { $0 + ($1 - n * (k + 1) / 2) * ($1 - n * (k + 1) / 2) }
    let statistic = 12 * spread / (n * k * (k + 1)) / correction  // (1)
    chiSquared = statistic
    pValue = Distributions.chiSquaredTail(statistic, degreesOfFreedom: blocks[0].count - 1)
    guard blocks.count > 1 else {
      (fisher, fisherPValue) = (nil, nil)
      return
    }
    let rest = n * (k - 1) - statistic
    if rest <= 1e-9 * n * k {
      (fisher, fisherPValue) = (nil, exp((1 - n) * lgamma(k + 1)))
    } else {
      let ratio = (n - 1) * statistic / rest  // (2)
      fisher = ratio
      fisherPValue = Distributions.fisherTail(
        ratio, blocks[0].count - 1, (blocks[0].count - 1) * (blocks.count - 1))
    }
  }
}
