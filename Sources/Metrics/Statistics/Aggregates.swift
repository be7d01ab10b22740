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
    let values = Array(tasks.joined())
    guard let value = Self.interquartileMean(values) else { return nil }
    // A resample in ascending order: the values in theirs, each as often as it was drawn.
    let order = values.ascendingOrder
    var ranks = [Int](repeating: 0, count: values.count)
    for (rank, place) in order.enumerated() { ranks[place] = rank }
    var counts = [Int](repeating: 0, count: values.count)
    var kept: [Double] = []
    let cut = values.count / 4
    return estimate(value, tasks.map(\.count)) { drawn in
      for rank in counts.indices { counts[rank] = 0 }
      var start = 0
      for runs in tasks {
        let end = start + runs.count
        for place in start..<end { counts[ranks[start + drawn[place]]] += 1 }
        start = end
      }
      kept.removeAll(keepingCapacity: true)
      var reached = 0
      for (rank, count) in counts.enumerated() where count > 0 {
        let last = min(reached + count, values.count - cut)
        for _ in 0..<max(0, last - max(reached, cut)) { kept.append(values[order[rank]]) }
        reached += count
      }
      return average(kept)
    }
  }

  /// The mean over tasks of the probability that a run of the first method scores above one of the
  /// second, ties counted by half; nil where a task has no run.
  public func probabilityOfImprovement(_ tasks: [[Double]], over others: [[Double]]) -> Estimate? {
    precondition(tasks.count == others.count, "Both methods have the same tasks.")
    guard !tasks.isEmpty, !(tasks + others).contains(where: \.isEmpty) else { return nil }
    // 1, ½ or 0 of each run of a task beside each of the other method's, task after task.
    var wins: [Double] = []
    for (runs, otherRuns) in zip(tasks, others) {
      for value in runs {
        for other in otherRuns { wins.append(value > other ? 1 : value == other ? 0.5 : 0) }
      }
    }
    let sizes = zip(tasks, others).map { (own: $0.count, other: $1.count) }
    let runCount = sizes.reduce(0) { $0 + $1.own }
    func mean(_ drawn: UnsafeBufferPointer<Int>) -> Double {
      wins.withUnsafeBufferPointer { wins in
        var (sum, first, own, other) = (0.0, 0, 0, runCount)
        for size in sizes {
          var share = 0.0
          for place in own..<own + size.own {
            let row = first + drawn[place] * size.other
            for otherPlace in other..<other + size.other { share += wins[row + drawn[otherPlace]] }
          }
          sum += share / Double(size.own * size.other)
          first += size.own * size.other
          own += size.own
          other += size.other
        }
        return sum / Double(sizes.count)
      }
    }
    let everyRun = (sizes.map(\.own) + sizes.map(\.other)).flatMap { 0..<$0 }
    return estimate(
      everyRun.withUnsafeBufferPointer(mean), sizes.map(\.own) + sizes.map(\.other), mean)
  }

  /// The mean without the ⌊n/4⌋ least and the ⌊n/4⌋ greatest values; nil of none.
  ///
  /// As `scipy.stats.trim_mean(values, 0.25)`.
  public static func interquartileMean(_ values: [Double]) -> Double? {
    let cut = values.count / 4
    let kept = values.sorted()[cut..<values.count - cut]
    return kept.isEmpty ? nil : average(Array(kept))
  }

  /// The percentile interval of a statistic of what is drawn of each stratum: of that many runs as
  /// many places among them, stratum after stratum.
  private func estimate(
    _ value: Double, _ sizes: [Int], _ statistic: (UnsafeBufferPointer<Int>) -> Double
  ) -> Estimate? {
    var stream = RandomStream(key)
    var drawn = sizes.flatMap { 0..<$0 }
    let draws = (0..<resamples).map { _ -> Double in
      let words = stream.next(drawn.count)
      return drawn.withUnsafeMutableBufferPointer { drawn in
        var next = 0
        for size in sizes {
          for _ in 0..<size {
            drawn[next] = stream.integer(below: size, from: words[next])
            next += 1
          }
        }
        return statistic(UnsafeBufferPointer(drawn))
      }
    }
    return BootstrapInterval.percentile(draws, level: level).map {
      Estimate(value: value, low: $0.low, high: $0.high)
    }
  }
}
