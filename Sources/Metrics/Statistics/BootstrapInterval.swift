/// Intervals from the resampled values of a statistic.
///
/// B. Efron. "Better bootstrap confidence intervals." JASA 82, 1987; B. Efron, R. J. Tibshirani. "An
/// Introduction to the Bootstrap", 1993, chapters 13 and 14.
///
/// ```
/// percentile: the quantiles of the draws at (1 − level)/2 and (1 + level)/2                  (1)
/// z₀ = Φ⁻¹(#{draws < θ̂}/B + #{draws = θ̂}/(2B))                                              (2)
/// a  = Σ (θ̄ − θ̂₍ᵢ₎)³ / (6 [Σ (θ̄ − θ̂₍ᵢ₎)²]^{3/2}),   θ̂₍ᵢ₎ without the i-th sample          (3)
/// BCa: the quantiles at Φ(z₀ + (z₀ ± z) / (1 − a (z₀ ± z)))                                  (4)
/// ```
///
/// Quantiles are interpolated linearly, as of NumPy and SciPy. Without the leave-one-out values a is
/// 0: the bias-corrected percentile interval.
public enum BootstrapInterval {
  /// The percentile interval; nil of no draws.
  public static func percentile(
    _ draws: [Double], level: Double = 0.95
  ) -> (low: Double, high: Double)? {
    guard !draws.isEmpty else { return nil }
    let sorted = draws.sorted()
    return (quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2))  // (1)
  }

  /// The bias-corrected and accelerated interval; nil of no draws.
  ///
  /// Where all draws lie on one side of the estimate there is no correction to be had, and the
  /// interval is the percentile one.
  public static func corrected(
    _ draws: [Double], estimate: Double, leaveOneOut: [Double] = [], level: Double = 0.95
  ) -> (low: Double, high: Double)? {
    guard !draws.isEmpty else { return nil }
    let sorted = draws.sorted()
    let (low, high) = correctedLevels(
      share: share(of: sorted, below: estimate), leaveOneOut: leaveOneOut, level: level)
    return (quantile(sorted, low), quantile(sorted, high))
  }

  /// The levels of (4), from the share of the draws below the estimate, ties counted by half.
  static func correctedLevels(
    share: Double, leaveOneOut: [Double], level: Double
  ) -> (low: Double, high: Double) {
    let tail = (1 - level) / 2
    guard share > 0, share < 1 else { return (tail, 1 - tail) }
    let bias = Distributions.normalQuantile(tail: 1 - share)  // (2)
    let slope = acceleration(leaveOneOut)
    let reach = Distributions.normalQuantile(tail: tail)
    func corrected(_ score: Double) -> Double {
      let sum = bias + score
      return Distributions.normalTail(-(bias + sum / (1 - slope * sum)))  // (4)
    }
    return (corrected(-reach), corrected(reach))
  }

  /// (3); 0 of values that are all alike.
  private static func acceleration(_ leaveOneOut: [Double]) -> Double {
    guard leaveOneOut.count > 1 else { return 0 }
    let centre = average(leaveOneOut)
    var (squares, cubes) = (0.0, 0.0)
    for value in leaveOneOut {
      let difference = centre - value
      squares += difference * difference
      cubes += difference * difference * difference
    }
    return squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
  }

  /// The share of the sorted draws below a value, those equal to it counted by half.
  private static func share(of sorted: [Double], below value: Double) -> Double {
    var (below, equal) = (0, 0)
    for draw in sorted {
      if draw < value { below += 1 } else if draw == value { equal += 1 } else { break }
    }
    return (Double(below) + Double(equal) / 2) / Double(sorted.count)
  }

  /// The quantile of sorted values, linearly interpolated.
  static func quantile(_ sorted: [Double], _ probability: Double) -> Double {
    let position = min(max(probability, 0), 1) * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
