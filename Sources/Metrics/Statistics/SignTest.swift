/// The sign test: whether paired differences are as often positive as negative.
///
/// J. Arbuthnott, 1710; the count of wins in Demšar (JMLR 7, 2006, section 3.1.4). Differences of 0
/// are dropped. p = min(1, 2 P(X ≤ min(n⁺, n⁻))), X binomial over n⁺ + n⁻ fair trials.
public struct SignTest: Sendable, Hashable {
  /// The number of positive differences.
  public let positive: Int
  /// The number of negative differences.
  public let negative: Int
  /// The two-sided probability, were both signs equally likely, of counts as uneven as these.
  public let pValue: Double

  /// The test of paired differences.
  public init(differences: [Double]) {
    positive = differences.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    negative = differences.reduce(0) { $0 + ($1 < 0 ? 1 : 0) }
    pValue = min(
      1,
      2 * Distributions.fairBinomialCumulative(min(positive, negative), of: positive + negative))
  }
}
