/// What an interval needs of a statistic's resampled values.
struct DrawSummary {
  /// The variance of the draws, with denominator B.
  let variance: Double
  /// The lower end of the percentile interval.
  let low: Double
  /// The upper end of the percentile interval.
  let high: Double

  /// The summary of one or more draws.
  init(_ draws: [Double], level: Double) {
    let (centre, count) = (draws[0], Double(draws.count))
    var (sum, squares) = (0.0, 0.0)
    for draw in draws {
      let shift = draw - centre
      sum += shift
      squares += shift * shift
    }
    variance = max(0, squares / count - sum / count * (sum / count))
    let tail = (1 - level) / 2
    low = Self.quantile(draws, tail)
    high = -Self.quantile(draws.map { -$0 }, tail)
  }

  /// A low quantile, linearly interpolated, by sorting those alone that may be it.
  private static func quantile(_ draws: [Double], _ probability: Double) -> Double {
    let position = min(max(probability, 0), 1) * Double(draws.count - 1)
    let below = Int(position)
    guard draws.count > 512 else { return BootstrapInterval.quantile(draws.sorted(), probability) }
    // A bound that two to four times as many draws as needed lie below, guessed from some of them.
    let step = draws.count / 256
    let some = stride(from: 0, to: draws.count, by: step).map { draws[$0] }.sorted()
    let bound = some[min(some.count - 1, 3 * below / step + 12)]
    let kept = draws.filter { $0 <= bound }
    guard kept.count > below + 1 else {
      return BootstrapInterval.quantile(draws.sorted(), probability)
    }
    let sorted = kept.sorted()
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
