public import Randomness

/// How often one sample of scores lies above another.
public enum Dominance {
  /// P(x > y) + ½ P(x = y) over all pairs; nil where a sample is empty.
  ///
  /// Mann and Whitney's U over the number of pairs.
  public static func probability(of values: [Double], above others: [Double]) -> Double? {
    guard !values.isEmpty, !others.isEmpty else { return nil }
    var sum = 0.0
    for value in values {
      for other in others { sum += value > other ? 1 : value == other ? 0.5 : 0 }
    }
    return sum / Double(values.count * others.count)
  }

  /// Cliff's delta, P(x > y) − P(x < y); nil where a sample is empty.
  ///
  /// N. Cliff. "Dominance statistics: ordinal analyses to answer ordinal questions." Psychological
  /// Bulletin 114(3), 1993. In −1 ... 1, 0 where neither lies above the other.
  public static func cliffsDelta(_ values: [Double], _ others: [Double]) -> Double? {
    probability(of: values, above: others).map { 2 * $0 - 1 }
  }
}

/// An estimate with an interval.
public struct Estimate: Sendable, Hashable {
  /// The value on the data.
  public let value: Double
  /// The lower end of the interval.
  public let low: Double
  /// The upper end of the interval.
  public let high: Double
}

/// Aggregates of scores over tasks, with intervals from a stratified bootstrap over their runs.
///
/// R. Agarwal, M. Schwarzer, P. S. Castro, A. Courville, M. G. Bellemare. "Deep reinforcement
/// learning at the edge of the statistical precipice." NeurIPS 2021; the definitions of the authors'
/// library, rliable. Scores are one array of runs for each task. A resample draws each task's runs
/// with replacement, apart from the other tasks' and from the other method's; the interval is the
/// percentile one. All draws come from the key, so the same key gives the same interval.
///
/// It takes runs as independent. Repetitions that test on overlapping parts of one domain aren't:
/// the interval speaks of other splits of the same data.
public struct StratifiedBootstrap: Sendable, Hashable {
  /// The number of resamples.
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

  /// The mean of the middle half of all scores of all tasks; nil where there are none.
  public func interquartileMean(_ tasks: [[Double]]) -> Estimate? {
    estimate([tasks]) { Self.interquartileMean(Array($0[0].joined())) }
  }

  /// The mean over tasks of the probability that a run of the first method scores above one of the
  /// second, ties counted by half; nil where a task has no run.
  public func probabilityOfImprovement(_ tasks: [[Double]], over others: [[Double]]) -> Estimate? {
    precondition(tasks.count == others.count, "Both methods have the same tasks.")
    return estimate([tasks, others]) { samples in
      var sum = 0.0
      for (values, others) in zip(samples[0], samples[1]) {
        guard let share = Dominance.probability(of: values, above: others) else { return nil }
        sum += share
      }
      return samples[0].isEmpty ? nil : sum / Double(samples[0].count)
    }
  }

  /// The mean without the ⌊n/4⌋ least and the ⌊n/4⌋ greatest values; nil of none.
  ///
  /// As `scipy.stats.trim_mean(values, 0.25)`.
  public static func interquartileMean(_ values: [Double]) -> Double? {
    let cut = values.count / 4
    let kept = values.sorted()[cut..<values.count - cut]
    return kept.isEmpty ? nil : average(Array(kept))
  }

  private func estimate(
    _ samples: [[[Double]]], _ statistic: ([[[Double]]]) -> Double?
  ) -> Estimate? {
    guard let value = statistic(samples) else { return nil }
    var stream = RandomStream(key)
    var drawn = samples
    var draws: [Double] = []
    draws.reserveCapacity(resamples)
    for _ in 0..<resamples {
      for (method, tasks) in samples.enumerated() {
        for (task, runs) in tasks.enumerated() {
          for run in runs.indices {
            drawn[method][task][run] = runs[stream.integer(below: runs.count)]
          }
        }
      }
      if let draw = statistic(drawn) { draws.append(draw) }
    }
    guard let interval = BootstrapInterval.percentile(draws, level: level) else { return nil }
    return Estimate(value: value, low: interval.low, high: interval.high)
  }
}
