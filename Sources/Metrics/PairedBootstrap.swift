public import Randomness

/// One repetition of an experiment: a method and its reference on the same test samples.
public struct RepetitionPair: Sendable {
  /// The identity of each test sample in the target, such as its row there.
  ///
  /// Samples with one identity in several repetitions are the same sample.
  public let sampleIndices: [Int]
  /// The method on these samples.
  public let method: Evaluation
  /// The reference on these samples, or on its own; nil where there is none.
  public let reference: Evaluation?
  /// The identities of the reference's samples where they aren't the method's.
  public let referenceSampleIndices: [Int]?

  /// A method and its reference, if any, on the same samples.
  public init(sampleIndices: [Int], method: Evaluation, reference: Evaluation?) {
    precondition(
      sampleIndices.count == method.sampleCount,
      "A repetition has one sample identity for each test sample.")
    precondition(
      reference.map { $0.labels == method.labels } ?? true,
      "Paired evaluations are of the same samples.")
    self.sampleIndices = sampleIndices
    self.method = method
    self.reference = reference
    self.referenceSampleIndices = nil
  }

  /// A method, and a reference on samples of another domain.
  ///
  /// For drift against the source: the method on the target, the source's model on the source. The
  /// two domains are resampled independently, so nothing is paired but the repetition.
  public init(
    sampleIndices: [Int], method: Evaluation, referenceSampleIndices: [Int], reference: Evaluation
  ) {
    precondition(
      sampleIndices.count == method.sampleCount
        && referenceSampleIndices.count == reference.sampleCount,
      "A repetition has one sample identity for each test sample.")
    self.sampleIndices = sampleIndices
    self.method = method
    self.reference = reference
    self.referenceSampleIndices = referenceSampleIndices
  }
}

/// Intervals of scores and gains over test samples and repetitions together.
///
/// What is estimated is the score, or the gain, of the method on the population of target samples,
/// in the mean over what varies between repetitions: splits, shots, draws. Repetitions test on
/// overlapping parts of one target, so neither samples nor repetitions are independent. In the model
/// of crossed effects
///
/// ```
/// d_ir = θ + a_i + b_r + e_ir                                                               (1)
/// ```
///
/// sample i is as difficult in every repetition (a), one fit is better than another on all samples
/// (b), and the rest is of one sample in one repetition (e). Two variances are estimated apart:
///
/// ```
/// resample:  w ~ multinomial over the N samples tested anywhere, one w for all repetitions
/// score*  = 1/R Σ_r s(method_r; w),   gain* = 1/R Σ_r [s(method_r; w) − s(reference_r; w)]  (2)
/// S = N/(N − 1) var*(gain*):  the variance of a and e together
/// W = N/(N − 1) E* var_r(gain*_r − gain_r) / R:  of what is apart in each repetition
/// V = var_r(gain_r) / R:  between the repetitions, with R − 1 degrees of freedom            (3)
/// A = max(0, S − W):  what the repetitions share
/// variance = A + V                                                                          (4)
/// t  = (A t_{N−1} + V t_{R−1}) / (A + V)                                                    (5)
/// interval: the quantiles of (2) at (1 − level)/2 and (1 + level)/2, linearly interpolated, with
///           their distance from their middle times t √(A + V) / (z √var*)                    (6)
/// p = the level of t at which the interval's end is 0, at least 2 / (B + 1)                 (7)
/// ```
///
/// (4) is unbiased for (1): in expectation W is what e and the a that repetitions don't share add to
/// V, so nothing is counted twice. (5) is W. G. Cochran's mean of the quantiles of two variances
/// with different degrees of freedom (W. G. Cochran, "Approximate significance levels of the
/// Behrens–Fisher test", Biometrics 20, 1964): few repetitions that differ much get the t quantile
/// of R − 1, many samples that differ little that of N − 1. (6) is the percentile
/// interval of B. Efron and R. J. Tibshirani ("An Introduction to the Bootstrap", 1993), N/(N − 1)
/// and t in place of z after T. C. Hesterberg ("What teachers should know about the bootstrap", The
/// American Statistician 69(4), 2015). A correction for bias (`BootstrapInterval.corrected`) makes
/// gains no better and intervals of gaps between groups too narrow.
///
/// With one repetition there is no V: the interval is that of the one fit, and says nothing of
/// other splits. How well all this covers is simulated: see <doc:Coverage>.
///
/// A gap between levels of an attribute, or between classes, is that of their mean rates over the
/// repetitions, its two levels held in every resample (`Statistic.settled(on:)`); with one repetition
/// that is the gap itself.
///
/// Resamples under which a score isn't defined, such as an AUROC with one class, are left out for
/// that score; where they are more than half, or where there is one sample alone, there is no
/// interval. A gain that is 0 but for rounding is 0. Statistics that are functions of counts (of
/// true, predicted and right classes, of groups) are computed for all B resamples, the others (log
/// loss, Brier, calibration, AUROC, agreement of clusterings) for the first 1,024. Resamples depend
/// on the key and the samples alone, so metrics and methods share them.
public struct PairedBootstrap: Sendable, Hashable {
  /// The number of resamples, B.
  public let resamples: Int
  /// The level of the intervals.
  public let level: Double
  private let key: RandomKey

  /// A bootstrap whose resamples the key names.
  public init(resamples: Int = 10_000, level: Double = 0.95, key: RandomKey) {
    precondition(resamples > 0, "A bootstrap needs resamples.")
    precondition(level > 0 && level < 1, "The level of an interval lies between 0 and 1.")
    self.resamples = resamples
    self.level = level
    self.key = key
  }

  /// The score and gain of any statistic; nil where it applies to no repetition.
  public func interval(
    repetitions: [RepetitionPair],
    statistic: @escaping @Sendable (Evaluation, _ weights: [Double]) -> Double?
  ) -> PairedResult? {
    interval(repetitions: repetitions, statistic: Statistic(id: "statistic", value: statistic))
  }

  /// The score and gain of a statistic; nil where it applies to no repetition.
  public func interval(repetitions: [RepetitionPair], statistic: Statistic) -> PairedResult? {
    intervals(repetitions: repetitions, statistics: [statistic])[0]
  }

  /// The score and gain of a metric; nil where it applies to no repetition.
  public func interval(repetitions: [RepetitionPair], metric: Metric) -> PairedResult? {
    interval(repetitions: repetitions, statistic: metric.statistic)
  }

  /// The bias and bias drift of a group measure; nil where it applies to no repetition.
  public func interval(
    repetitions: [RepetitionPair], metric: GroupMetric, group: String
  ) -> PairedResult? {
    interval(repetitions: repetitions, statistic: metric.statistic(group: group))
  }

  /// The score and gain of each statistic, from the same resamples, in their order.
  ///
  /// The same results as one statistic at a time, for less work.
  ///
  /// - Complexity: O(B R n) for each table of counts, n samples a repetition.
  public func intervals(
    repetitions: [RepetitionPair], statistics: [Statistic]
  ) -> [PairedResult?] {
    let target = resampling(repetitions.map(\.sampleIndices))
    let scores = target.scores(of: repetitions.map(\.method), statistics: statistics)
    let paired = repetitions.filter { $0.reference != nil }
    let references: [ResampledScores?]
    if paired.isEmpty {
      references = statistics.map { _ in nil }
    } else {
      precondition(
        paired.count == repetitions.count,
        "Either every repetition has a reference, or none has.")
      let elsewhere = repetitions.compactMap(\.referenceSampleIndices)
      let resampling = elsewhere.isEmpty ? target : resampling(elsewhere, ofReference: true)
      references = resampling.scores(
        of: repetitions.compactMap(\.reference), statistics: statistics)
    }
    return zip(scores, references).map { method, reference in
      method.map { PairedResult($0, over: reference, target) }
    }
  }

  /// The resamples of the samples that each repetition tests on.
  ///
  /// Those of a reference on samples of another domain are drawn apart.
  public func resampling(_ sampleIndices: [[Int]], ofReference: Bool = false) -> Resampling {
    Resampling(
      sampleIndices: sampleIndices, count: resamples, level: level,
      samples: key.child(ofReference ? "reference-samples" : "samples"))
  }
}
