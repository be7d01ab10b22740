internal import CKernels

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
    let (count, moments) = (draws.count, ck_moments_f64(draws.count, draws))
    let mean = moments.sum / Double(count)
    variance = max(0, moments.squares / Double(count) - mean * mean)
    let position = (1 - level) / 2 * Double(count - 1)
    let below = Int(position)
    let share = position - Double(below)
    let (next, last) = (min(below + 1, count - 1), count - 1)
    let ends = Self.numbers(
      of: draws, ranks: [below, next, last - next, last - below], moments)
    low = ends[0] + share * (ends[1] - ends[0])
    high = ends[3] - share * (ends[3] - ends[2])
  }

  /// The numbers of these ranks, from the least.
  private static func numbers(
    of draws: [Double], ranks: [Int], _ moments: ck_moments
  ) -> [Double] {
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: draws.count) { bins in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: draws.count) { kept in
        Array(unsafeUninitializedCapacity: ranks.count) { found, initialized in
          ck_order_statistics_f64(
            draws.count, draws, moments.least, moments.greatest, ranks.count, ranks,
            found.baseAddress, bins.baseAddress, kept.baseAddress)
          initialized = ranks.count
        }
      }
    }
  }
}
