/// A score and its gain over a reference, each with an interval.
public struct PairedResult: Sendable, Hashable {
  /// The mean of the score over the repetitions where it applies.
  public let mean: Double
  /// The sample standard deviation over these repetitions; nil for one.
  public let sd: Double?
  /// The lower end of the score's interval; nil where too few resamples define the score.
  public let ciLow: Double?
  /// The upper end of the score's interval; nil where too few resamples define the score.
  public let ciHigh: Double?
  /// The mean of method minus reference over the repetitions that have both.
  public private(set) var gain: Double?
  /// The lower end of the gain's interval.
  public private(set) var gainLow: Double?
  /// The upper end of the gain's interval.
  public private(set) var gainHigh: Double?
  /// The two-sided probability, if there were no gain, of one as far from 0 as this one.
  public private(set) var pValue: Double?

  /// The score of each resample, for means over pairs.
  private(set) var resampledScores: [Double]
  /// The gain of each resample.
  private(set) var resampledGains: [Double]

  /// The verdict on the gain; nil where there is no gain, neutral where it has no interval.
  public func verdict(_ direction: Metric.Direction) -> Verdict? {
    guard gain != nil else { return nil }
    guard let gainLow, let gainHigh else { return .neutral }
    return Verdict(low: gainLow, high: gainHigh, direction: direction)
  }

  /// The result of resampled scores and gains: (3) and (4) of `PairedBootstrap`.
  init(
    scores: [Double], gains: [Double], resampledScores: [Double], resampledGains: [Double],
    resamples: Int, level: Double
  ) {
    mean = average(scores)
    sd = sampleStandardDeviation(scores)
    let scoreRange = Self.interval(resampledScores, resamples: resamples, level: level)
    ciLow = scoreRange?.low
    ciHigh = scoreRange?.high
    gain = gains.isEmpty ? nil : average(gains)
    let gainRange =
      gains.isEmpty ? nil : Self.interval(resampledGains, resamples: resamples, level: level)
    gainLow = gainRange?.low
    gainHigh = gainRange?.high
    pValue = gainRange == nil ? nil : Self.pValue(resampledGains)
    self.resampledScores = resampledScores
    self.resampledGains = resampledGains
  }

  /// The mean and spread of values that nothing was resampled for, one a repetition: Student's t
  /// interval, and no gain.
  ///
  /// - Precondition: there are values.
  public init(values: [Double]) {
    let interval = StudentInterval(values)
    self.init(
      mean: average(values), sd: sampleStandardDeviation(values), ciLow: interval?.low,
      ciHigh: interval?.high)
  }

  /// The gain as a score of its own, with its interval; `gains` are those of the repetitions.
  ///
  /// Nil where there is no gain.
  public func gainAsScore(_ gains: [Double]) -> PairedResult? {
    guard let gain else { return nil }
    var result = PairedResult(
      mean: gain, sd: sampleStandardDeviation(gains), ciLow: gainLow, ciHigh: gainHigh)
    result.gain = gain
    result.gainLow = gainLow
    result.gainHigh = gainHigh
    result.pValue = pValue
    return result
  }

  private init(mean: Double, sd: Double?, ciLow: Double?, ciHigh: Double?) {
    self.mean = mean
    self.sd = sd
    self.ciLow = ciLow
    self.ciHigh = ciHigh
    resampledScores = []
    resampledGains = []
  }

  /// The same figures without the resamples behind them.
  public var withoutResamples: PairedResult {
    var result = self
    result.resampledScores = []
    result.resampledGains = []
    return result
  }

  /// The mean over pairs, each counted alike, with the pairs taken as given.
  ///
  /// The pairs' resamples are drawn apart, each with a key of its own, so the mean of one resample
  /// of each is a resample of the mean; under one key they would go up and down together. The gain
  /// is over the pairs that have one. Nil of no results.
  public static func mean(over results: [PairedResult], level: Double = 0.95) -> PairedResult? {
    guard !results.isEmpty else { return nil }
    let withGain = results.filter { $0.gain != nil }
    let resamples = results.map(\.resampledScores.count).max() ?? 0
    return PairedResult(
      scores: results.map(\.mean), gains: withGain.compactMap(\.gain),
      resampledScores: meanDraws(results.map(\.resampledScores)),
      resampledGains: meanDraws(withGain.map(\.resampledGains)), resamples: max(resamples, 1),
      level: level)
  }

  /// The mean of the first draw of each, of the second of each, and so on.
  ///
  /// As within a resample, a sum that is 0 but for its rounding is 0: it must not decide a verdict.
  private static func meanDraws(_ draws: [[Double]]) -> [Double] {
    let count = draws.map(\.count).min() ?? 0
    return (0..<count).map { index in
      var sum = 0.0
      var magnitude = 0.0
      for draw in draws {
        sum += draw[index]
        magnitude += abs(draw[index])
      }
      return abs(sum) <= 1e-13 * magnitude ? 0 : sum / Double(draws.count)
    }
  }

  /// The percentile interval (3); nil where fewer than half of the resamples have a value.
  private static func interval(
    _ values: [Double], resamples: Int, level: Double
  ) -> (low: Double, high: Double)? {
    guard !values.isEmpty, 2 * values.count >= resamples else { return nil }
    let sorted = values.sorted()
    return (quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2))
  }

  private static func quantile(_ sorted: [Double], _ probability: Double) -> Double {
    let position = probability * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }

  /// (4).
  private static func pValue(_ gains: [Double]) -> Double {
    let notAbove = gains.reduce(0) { $0 + ($1 <= 0 ? 1 : 0) }
    let notBelow = gains.reduce(0) { $0 + ($1 >= 0 ? 1 : 0) }
    return min(1, 2 * Double(1 + min(notAbove, notBelow)) / Double(gains.count + 1))
  }
}
