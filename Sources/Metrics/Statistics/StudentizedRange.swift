import Foundation

/// The range of k independent normal variables in units of their known standard deviation.
///
/// The studentised range with infinite degrees of freedom, behind Nemenyi's test.
///
/// ```
/// P(Q ≤ q) = k ∫ φ(z) [Φ(z) − Φ(z − q)]ᵏ⁻¹ dz                                               (1)
/// ```
///
/// z is the greatest of the k. The integral is numerical: see `Distributions.integral`.
public enum StudentizedRange {
  /// P(Q > q) for k variables.
  public static func tail(_ range: Double, variables: Int) -> Double {
    precondition(variables > 1, "A range is of two or more variables.")
    guard range > 0 else { return 1 }
    let k = Double(variables)
    // 1 − (1) without the difference: k ∫ φ(z) (Φ(z)ᵏ⁻¹ − [Φ(z) − Φ(z − q)]ᵏ⁻¹) dz. The integrand
    // is below 1e-18 outside these ends.
    let value = Distributions.integral(from: -9, to: 9 + min(range, 9)) { z in
      let below = Distributions.normalTail(-z)
      let inside = below - Distributions.normalTail(range - z)
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      return density * (pow(below, k - 1) - pow(max(inside, 0), k - 1))
    }
    return min(1, max(0, k * value))
  }

  /// The range that is exceeded with probability `tail`, to 1e-12.
  public static func quantile(tail probability: Double, variables: Int) -> Double {
    precondition(probability > 0 && probability < 1, "A tail has a probability between 0 and 1.")
    var (low, high) = (0.0, 1.0)
    while tail(high, variables: variables) > probability, high < 64 { high *= 2 }
    while high - low > 1e-12 * high {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      if tail(middle, variables: variables) > probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

/// Nemenyi's test after Friedman's: which mean ranks differ.
///
/// P. B. Nemenyi. "Distribution-free multiple comparisons." PhD thesis, Princeton, 1963; J. Demšar,
/// JMLR 7, 2006, section 3.2.2.
///
/// ```
/// CD = q / √2 · √(k (k + 1) / (6 n)),   q the studentised range of k that α exceeds         (1)
/// p  = P(Q > √2 |R_i − R_j| / √(k (k + 1) / (6 n)))                                         (2)
/// ```
public struct NemenyiTest: Sendable, Hashable {
  /// The number of methods, k.
  public let methodCount: Int
  /// The number of blocks, n.
  public let blockCount: Int

  /// The test of k methods ranked over n blocks.
  public init(methods: Int, blocks: Int) {
    precondition(methods > 1 && blocks > 0, "Mean ranks are of two or more methods over blocks.")
    methodCount = methods
    blockCount = blocks
  }

  /// The standard deviation of a difference of mean ranks over √2.
  private var unit: Double {
    (Double(methodCount * (methodCount + 1)) / (6 * Double(blockCount))).squareRoot()
  }

  /// The difference of mean ranks beyond which two methods differ at that level.
  public func criticalDifference(level: Double = 0.05) -> Double {
    StudentizedRange.quantile(tail: level, variables: methodCount) / 2.0.squareRoot() * unit  // (1)
  }

  /// The probability, if no two methods differ, that some two differ by as much in mean rank.
  public func pValue(rankDifference: Double) -> Double {
    StudentizedRange.tail(
      2.0.squareRoot() * abs(rankDifference) / unit, variables: methodCount)  // (2)
  }
}
