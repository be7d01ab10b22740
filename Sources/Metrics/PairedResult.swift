internal import CKernels

/// A score and its gain over a reference, each with an interval.
public struct PairedResult: Sendable, Hashable {
  /// The mean of the score over the repetitions where it applies.
  public let mean: Double
  /// The sample standard deviation over these repetitions; nil for one.
  public let sd: Double?
  /// The lower end of the score's interval; nil where too few resamples define the score.
  public var ciLow: Double? { score?.low }
  /// The upper end of the score's interval; nil where too few resamples define the score.
  public var ciHigh: Double? { score?.high }
  /// The mean of method minus reference over the repetitions that have both.
  public let gain: Double?
  /// The lower end of the gain's interval.
  public var gainLow: Double? { difference?.low }
  /// The upper end of the gain's interval.
  public var gainHigh: Double? { difference?.high }
  /// The two-sided probability, if there were no gain, of one as far from 0 as this one.
  public var pValue: Double? { difference.flatMap(\.pValue) }

  private let score: ResampledInterval?
  private let difference: ResampledInterval?

  /// The verdict on the gain; nil where there is no gain, neutral where it has no interval.
  public func verdict(_ direction: Metric.Direction) -> Verdict? {
    guard gain != nil else { return nil }
    guard let gainLow, let gainHigh else { return .neutral }
    return Verdict(low: gainLow, high: gainHigh, direction: direction)
  }

  private init(
    mean: Double, sd: Double?, score: ResampledInterval?, gain: Double?,
    difference: ResampledInterval?
  ) {
    self.mean = mean
    self.sd = sd
    self.score = score
    self.gain = gain
    self.difference = difference
  }

  /// The score of a method and its gain over a reference that was resampled alike: (2) to (7) of
  /// `PairedBootstrap`.
  ///
  /// Where the reference applies to other repetitions than the method, the gain over those that
  /// both have is given without an interval.
  ///
  /// - Precondition: the method applies to a repetition.
  public init(
    _ method: ResampledScores, over reference: ResampledScores?, _ resampling: Resampling
  ) {
    self.init(method, over: reference, resampling, hasScoreInterval: true)
  }

  /// The gain of a method over a reference that was resampled alike, as a score of its own: what
  /// `gainAsScore(_:)` makes of the whole result.
  public static func gain(
    of method: ResampledScores, over reference: ResampledScores, _ resampling: Resampling,
    gains: [Double]
  ) -> PairedResult? {
    PairedResult(method, over: reference, resampling, hasScoreInterval: false).gainAsScore(gains)
  }

  private init(
    _ method: ResampledScores, over reference: ResampledScores?, _ resampling: Resampling,
    hasScoreInterval: Bool
  ) {
    let scores = method.whole.compactMap(\.self)
    precondition(!scores.isEmpty, "A result is of a statistic that applies to a repetition.")
    mean = average(scores)
    sd = sampleStandardDeviation(scores)
    score =
      hasScoreInterval ? ResampledInterval(ResampledValues(method), resampling) : nil
    let differences = zip(method.whole, reference?.whole ?? []).compactMap { own, other in
      own.flatMap { own in other.map { Self.difference(own, $0) } }
    }
    gain = differences.isEmpty ? nil : average(differences)
    difference = reference.flatMap { reference in
      guard method.whole.map({ $0 == nil }) == reference.whole.map({ $0 == nil }) else {
        return nil
      }
      return ResampledInterval(ResampledValues(method, minus: reference), resampling)
    }
  }

  /// The difference of two scores; 0 where they differ by rounding alone.
  fileprivate static func difference(_ own: Double, _ other: Double) -> Double {
    let difference = own - other
    return abs(difference) <= rounding * (abs(own) + abs(other)) ? 0 : difference
  }

  /// How far two scores may be apart by rounding, over the sum of their sizes.
  fileprivate static let rounding = 1e-13

  /// The mean and spread of values that nothing was resampled for, one a repetition: Student's t
  /// interval, and no gain.
  ///
  /// - Precondition: there are values.
  public init(values: [Double]) {
    let interval = StudentInterval(values)
    self.init(
      mean: average(values), sd: sampleStandardDeviation(values),
      score: interval.map { ResampledInterval(low: $0.low, high: $0.high) }, gain: nil,
      difference: nil)
  }

  /// The gain as a score of its own, with its interval; `gains` are those of the repetitions.
  ///
  /// Nil where there is no gain.
  public func gainAsScore(_ gains: [Double]) -> PairedResult? {
    guard let gain else { return nil }
    return PairedResult(
      mean: gain, sd: sampleStandardDeviation(gains), score: difference, gain: gain,
      difference: difference)
  }

  /// The mean over pairs, each counted alike, with the pairs taken as given.
  ///
  /// The pairs' resamples are drawn apart, so their variances add up: see
  /// `ResampledInterval.mean(of:estimate:level:)`. The gain is over the pairs that have one. Nil of
  /// no results; no interval where a pair has none.
  public static func mean(over results: [PairedResult], level: Double = 0.95) -> PairedResult? {
    guard results.count > 1 else { return results.first }
    let withGain = results.filter { $0.gain != nil }
    let gains = withGain.compactMap(\.gain)
    let mean = average(results.map(\.mean))
    let gain = gains.isEmpty ? nil : average(gains)
    return PairedResult(
      mean: mean, sd: sampleStandardDeviation(results.map(\.mean)),
      score: ResampledInterval.mean(of: results.map(\.score), estimate: mean, level: level),
      gain: gain,
      difference: gain.flatMap {
        ResampledInterval.mean(of: withGain.map(\.difference), estimate: $0, level: level)
      })
  }
}

/// A statistic, or the difference of two, as repetitions and resamples have it.
private struct ResampledValues {
  /// The value of each repetition.
  let whole: [Double]
  /// The mean over repetitions in each resample where it is defined.
  let draws: [Double]
  /// The number of resamples, those without a value among them.
  let resamples: Int
  /// The value of each repetition in the first block's resamples.
  let early: [[Double]]

  init(_ scores: ResampledScores) {
    whole = scores.whole.compactMap(\.self)
    draws = Self.numbers(
      scores.draws, missing: ck_missing_f64(scores.draws.count, scores.draws))
    resamples = scores.draws.count
    early = scores.early.filter { !$0.isEmpty }
  }

  init(_ scores: ResampledScores, minus other: ResampledScores) {
    whole = zip(scores.whole, other.whole).compactMap { own, other in
      own.flatMap { own in other.map { PairedResult.difference(own, $0) } }
    }
    let differences = Self.differences(scores.draws, other.draws)
    draws = Self.numbers(differences.values, missing: differences.missing)
    resamples = scores.draws.count
    early = zip(scores.early, other.early).filter { !$0.0.isEmpty && !$0.1.isEmpty }
      .map { Self.differences($0, $1).values }
  }

  private static func differences(
    _ own: [Double], _ other: [Double]
  ) -> (values: [Double], missing: Int) {
    let count = min(own.count, other.count)
    var missing = 0
    let values = [Double](unsafeUninitializedCapacity: count) { values, initialized in
      missing = ck_differences_f64(count, PairedResult.rounding, own, other, values.baseAddress)
      initialized = count
    }
    return (values, missing)
  }

  private static func numbers(_ values: [Double], missing: Int) -> [Double] {
    guard missing > 0 else { return values }
    var values = values
    let count = ck_keep_numbers_f64(values.count, &values)
    values.removeLast(values.count - count)
    return values
  }

  /// W of (3) without the factor N/(N − 1): the variance between repetitions that resampling the
  /// samples makes, over R.
  var varianceWithinRepetitions: Double {
    let repetitions = whole.count
    guard repetitions > 1, let lanes = early.first?.count else { return 0 }
    var totals = [Double](repeating: 0, count: lanes)
    var squares = totals
    for (values, centre) in zip(early, whole) {
      ck_add_shifts_f64(lanes, centre, values, &totals, &squares)
    }
    var sum = 0.0
    let defined = ck_sum_within_f64(lanes, Double(repetitions), totals, squares, &sum)
    let degrees = Double((repetitions - 1) * repetitions)
    return defined > 0 ? max(0, sum) / Double(defined) / degrees : 0
  }
}

/// An interval from two variances: of samples, and between repetitions.
private struct ResampledInterval: Sendable, Hashable {
  let low: Double
  let high: Double
  /// The estimate; nil of an interval that nothing was resampled for.
  private var estimate: Double?
  /// The probability in each tail.
  private var tail = 0.5
  /// A of (4), with N − 1 degrees of freedom.
  private var shared = StudentVariance.none
  /// V of (3), with R − 1 degrees of freedom.
  private var between = StudentVariance.none
  /// The lowest probability that the resamples can tell.
  private var leastProbability = 1.0

  init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// Nil where fewer than half of the resamples have a value, or where there is one sample alone.
  init?(_ values: ResampledValues, _ resampling: Resampling) {
    let samples = Double(resampling.poolCount)
    guard samples > 1, !values.draws.isEmpty, 2 * values.draws.count >= values.resamples else {
      return nil
    }
    estimate = average(values.whole)
    let factor = samples / (samples - 1)
    let summary = DrawSummary(values.draws, level: resampling.level)
    let sampling = factor * summary.variance
    let within = factor * values.varianceWithinRepetitions
    let repetitions = values.whole.count
    let deviation = sampleStandardDeviation(values.whole) ?? 0
    between = StudentVariance(
      value: repetitions > 1 ? deviation * deviation / Double(repetitions) : 0,
      degrees: Double(max(repetitions - 1, 1)))
    shared = StudentVariance(
      value: repetitions > 1 ? max(0, sampling - within) : sampling, degrees: samples - 1)
    leastProbability = 2 / Double(values.draws.count + 1)
    tail = resampling.quantiles.tail
    let reach = StudentVariance.reach(shared, between, resampling.quantiles)
    let normal = resampling.normalQuantile * summary.variance.squareRoot()
    let (middle, half) = ((summary.low + summary.high) / 2, (summary.high - summary.low) / 2)
    if normal > 0, half > 0 {
      low = middle - half * reach / normal
      high = middle + half * reach / normal
    } else {
      low = middle - reach
      high = middle + reach
    }
  }

  private init(
    estimate: Double, shared: StudentVariance, between: StudentVariance, level: Double,
    shift: Double, least: Double
  ) {
    self.shared = shared
    self.between = between
    leastProbability = least
    self.estimate = estimate
    tail = (1 - level) / 2
    let reach = StudentVariance.reach(shared, between, tail: tail)
    low = estimate + shift - reach
    high = estimate + shift + reach
  }

  /// The interval of the mean over pairs whose resamples were drawn apart.
  ///
  /// Both variances add up, over the square of their number; their degrees of freedom are those of
  /// F. E. Satterthwaite ("An approximate distribution of estimates of variance components",
  /// Biometrics Bulletin 2(6), 1946). The middle lies off the estimate by the mean of what it does
  /// in the pairs. Nil where a pair has no interval.
  static func mean(
    of intervals: [ResampledInterval?], estimate: Double, level: Double
  ) -> ResampledInterval? {
    let known = intervals.compactMap(\.self)
    guard known.count == intervals.count, !known.isEmpty else { return nil }
    guard known.count > 1 else { return known[0] }
    let middle = average(known.map { ($0.low + $0.high) / 2 })
    return ResampledInterval(
      estimate: estimate, shared: .mean(known.map(\.shared)), between: .mean(known.map(\.between)),
      level: level, shift: middle.isFinite ? middle - estimate : 0,
      least: known.map(\.leastProbability).min() ?? 1)
  }

  /// (7): the probability whose quantile reaches from the estimate to 0, on the side of 0; nil of
  /// an interval that nothing was resampled for.
  var pValue: Double? {
    guard let estimate else { return nil }
    guard estimate != 0, !(low == 0 && high == 0) else { return 1 }
    let reach = estimate > 0 ? estimate - low : high - estimate
    guard reach > 0 else { return leastProbability }
    let distance = abs(estimate) / reach * StudentVariance.reach(shared, between, tail: tail)
    return min(
      1, StudentVariance.probability(of: distance, shared, between, least: leastProbability))
  }
}
