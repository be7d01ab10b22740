/// Wilcoxon's signed-rank test: whether paired differences lie evenly about 0.
///
/// F. Wilcoxon. "Individual comparisons by ranking methods." Biometrics Bulletin 1(6), 1945. The
/// test that J. Demšar ("Statistical comparisons of classifiers over multiple data sets", JMLR 7,
/// 2006) recommends for two methods over several data sets.
///
/// ```
/// R⁺ = Σ rank(|dᵢ|) over dᵢ > 0,   R⁻ the same over dᵢ < 0                                  (1)
/// exact: every sign equally likely, p = min(1, 2 P(R⁺ ≤ min(R⁺, R⁻)))                       (2)
/// normal: z = (min(R⁺, R⁻) − n(n + 1)/4) / √(n(n + 1)(2n + 1)/24 − Σ(t³ − t)/48)            (3)
/// ```
///
/// Differences of 0 are dropped (SciPy's `zero_method="wilcox"`) and equal ones share their mean
/// rank. Up to 50 differences the distribution is exact, with ties too: (2) over the ranks as they
/// are shared, what SciPy's `PermutationMethod` enumerates. Above, (3) without a correction for
/// continuity, as SciPy's `method="asymptotic"`.
///
/// - Complexity: O(n³) for the exact distribution.
public struct SignedRankTest: Sendable, Hashable {
  /// The number of differences that aren't 0, n.
  public let count: Int
  /// The sum of the ranks of the positive differences, R⁺.
  public let positiveRanks: Double
  /// The sum of the ranks of the negative differences, R⁻.
  public let negativeRanks: Double
  /// Whether the probability is that of the exact distribution.
  public let isExact: Bool
  /// The two-sided probability, were both signs equally likely, of ranks as uneven as these; 1
  /// where every difference is 0.
  public let pValue: Double

  /// The most differences whose distribution is computed exactly.
  public static let exactLimit = 50

  /// The smaller sum of ranks: Wilcoxon's T.
  public var statistic: Double { min(positiveRanks, negativeRanks) }

  /// The test of paired differences.
  public init(differences: [Double]) {
    let kept = differences.filter { $0 != 0 }
    let magnitudes = kept.map(abs)
    let ranks = Ranks.ascending(magnitudes)
    let positive = zip(kept, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }  // (1)
    let whole = Double(kept.count * (kept.count + 1)) / 2
    count = kept.count
    positiveRanks = positive
    negativeRanks = whole - positive
    isExact = kept.count <= Self.exactLimit
    let least = min(positive, whole - positive)
    if kept.isEmpty {
      pValue = 1
    } else if isExact {
      pValue = min(1, 2 * Self.probability(ofAtMost: least, ranks))  // (2)
    } else {
      let size = Double(kept.count)
      let variance =
        size * (size + 1) * (2 * size + 1) / 24 - Ranks.tieTerm(magnitudes) / 48
      let score = (least - whole / 2) / variance.squareRoot()  // (3)
      pValue = min(1, 2 * Distributions.normalTail(-score))
    }
  }

  /// P(R⁺ ≤ sum) where each rank counts with probability ½.
  ///
  /// Ranks are halves of integers, so twice their sums are the places of a table.
  private static func probability(ofAtMost sum: Double, _ ranks: [Double]) -> Double {
    var shares = [1.0]
    for rank in ranks {
      let step = Int(2 * rank)
      var next = [Double](repeating: 0, count: shares.count + step)
      for (place, share) in shares.enumerated() {
        next[place] += share / 2
        next[place + step] += share / 2
      }
      shares = next
    }
    return shares.prefix(Int(2 * sum) + 1).reduce(0, +)
  }
}
