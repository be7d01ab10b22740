/// McNemar's exact test: whether the method and the reference are right equally often.
///
/// Q. McNemar. "Note on the sampling error of the difference between correlated proportions or
/// percentages." Psychometrika 12, 1947; exact, from the binomial distribution of the flips: under
/// the null hypothesis either direction has probability ½.
///
/// ```
/// p = min(1, 2 P(Binomial(b + c, ½) ≤ min(b, c)))
/// ```
///
/// It treats the samples as independent, so it is for one repetition; over several that share
/// samples take `PairedBootstrap`.
public struct FlipTest: Sendable, Hashable {
  /// The number of samples that the reference has right and the method wrong, b.
  public let negativeFlips: Int
  /// The number of samples that the reference has wrong and the method right, c.
  public let positiveFlips: Int
  /// The two-sided probability of flips at least as lopsided; 1 where nothing flips.
  public let pValue: Double

  /// The test from the two numbers of flips.
  public init(negativeFlips: Int, positiveFlips: Int) {
    precondition(negativeFlips >= 0 && positiveFlips >= 0, "Flips are counted from 0.")
    self.negativeFlips = negativeFlips
    self.positiveFlips = positiveFlips
    let fewer = min(negativeFlips, positiveFlips)
    pValue = min(
      1, 2 * Distributions.fairBinomialCumulative(fewer, of: negativeFlips + positiveFlips))
  }

  /// The test of a method against its reference on the same samples.
  public init(method: Evaluation, reference: Evaluation) {
    NegativeTransfer.checkPairing(method, reference)
    var negative = 0
    var positive = 0
    for row in 0..<method.sampleCount {
      switch (reference.isCorrect(row), method.isCorrect(row)) {
      case (true, false): negative += 1
      case (false, true): positive += 1
      default: break
      }
    }
    self.init(negativeFlips: negative, positiveFlips: positive)
  }
}
