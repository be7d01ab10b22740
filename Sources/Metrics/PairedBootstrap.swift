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
/// Repetitions test on overlapping parts of one target, so neither samples nor repetitions alone
/// are independent. Both are resampled, crossed: the target's samples with replacement, with one
/// multiplicity for a sample in every repetition, and the repetitions with replacement. With one
/// repetition only the samples are resampled.
///
/// A. B. Owen. "The pigeonhole bootstrap." The Annals of Applied Statistics 1(2), 2007,
/// doi:10.1214/07-AOAS122. For crossed random effects no bootstrap is exact. With several
/// repetitions this one errs on the wide side: noise that belongs to one sample in one repetition
/// is counted up to three times, so where it is all there is, nominal 95 % intervals cover more
/// than 99 %. With one repetition an interval knows nothing of the variance between repetitions,
/// and is too narrow where that is large.
///
/// ```
/// resample:  w ~ multinomial over the N samples tested anywhere,  m ~ multinomial over R
/// score* = Σ_r m_r s(method_r; w) / Σ_r m_r                                                 (1)
/// gain*  = Σ_r m_r (s(method_r; w) − s(reference_r; w)) / Σ_r m_r                           (2)
/// interval: the (1 − level)/2 and (1 + level)/2 quantiles, linearly interpolated            (3)
/// p = min(1, 2 (1 + min(#gain* ≤ 0, #gain* ≥ 0)) / (B + 1))                                 (4)
/// ```
///
/// Resamples under which a score isn't defined, such as an AUROC with one class, are left out for
/// that score; where they are more than half, there is no interval. A gain that is 0 but for the
/// rounding of sums is 0. Resamples depend on the key, the samples and the number of repetitions
/// alone, so metrics and methods share them.
public struct PairedBootstrap: Sendable, Hashable {
  /// The number of resamples, B.
  public let resamples: Int
  /// The level of the intervals.
  public let level: Double
  private let key: RandomKey

  /// A bootstrap whose resamples the key names.
  public init(resamples: Int = 1000, level: Double = 0.95, key: RandomKey) {
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
  /// - Complexity: O(B R n) for each statistic, n samples a repetition.
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
  /// Those of a reference on samples of another domain are drawn apart, with the same
  /// multiplicities of the repetitions.
  public func resampling(_ sampleIndices: [[Int]], ofReference: Bool = false) -> Resampling {
    Resampling(
      sampleIndices: sampleIndices, count: resamples, level: level,
      samples: key.child(ofReference ? "reference-samples" : "samples"),
      repetitions: key.child("repetitions"))
  }
}
