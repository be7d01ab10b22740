import Randomness
import Testing

@testable import Metrics

struct DrawSummaryTests {
  /// Draws of several kinds: continuous, of few values, one value, with a far outlier.
  private static func draws(_ kind: Int, count: Int) -> [Double] {
    var stream = RandomStream(RandomKey(seed: 3).child("draws", kind))
    return (0..<count).map { place in
      switch kind {
      case 0: stream.normal()
      case 1: Double(stream.integer(below: 7)) / 7
      case 2: 0.25
      case 3: place == count / 2 ? 1e9 : stream.uniform()
      default: 1 + Double(stream.integer(below: 3)) * Double.ulpOfOne
      }
    }
  }

  @Test(arguments: 0..<5, [1, 2, 3, 4, 31, 33, 500, 10_001])
  func agreesWithSortedDraws(kind: Int, count: Int) {
    let draws = Self.draws(kind, count: count)
    let sorted = draws.sorted()
    for level in [0.5, 0.95, 0.999] {
      let summary = DrawSummary(draws, level: level)
      #expect(summary.low == BootstrapInterval.quantile(sorted, (1 - level) / 2))
      let high = -BootstrapInterval.quantile(sorted.reversed().map { -$0 }, (1 - level) / 2)
      #expect(summary.high == high)
      let mean = draws.reduce(0, +) / Double(count)
      let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
      #expect(abs(summary.variance - variance) <= 1e-9 * variance + 1e-30)
    }
  }
}
