import Metrics
import TestSupport
import Testing

@Suite struct BootstrapIntervalTests {
  @Test func agreesWithSciPy() throws {
    for golden in try StatisticsGolden.read().bootstrap {
      for level in [0.9, 0.95] {
        let percentile = try #require(BootstrapInterval.percentile(golden.draws, level: level))
        let corrected = try #require(
          BootstrapInterval.corrected(
            golden.draws, estimate: golden.estimate, leaveOneOut: golden.leaveOneOut, level: level))
        let expected = try #require(golden.intervals["percentile-\(level)"])
        let accelerated = try #require(golden.intervals["BCa-\(level)"])
        #expect(agrees(percentile.low, expected[0]) && agrees(percentile.high, expected[1]))
        #expect(agrees(corrected.low, accelerated[0]) && agrees(corrected.high, accelerated[1]))
      }
    }
  }

  @Test func withoutBiasOrSkewItIsThePercentileInterval() throws {
    let draws = (-500...500).map(Double.init)
    let percentile = try #require(BootstrapInterval.percentile(draws))
    let corrected = try #require(BootstrapInterval.corrected(draws, estimate: 0))
    #expect(agrees(percentile.low, corrected.low) && agrees(percentile.high, corrected.high))
    #expect(agrees(percentile.low, -475))
  }

  @Test func drawsOnOneSideAreNotCorrected() throws {
    let corrected = try #require(BootstrapInterval.corrected([1, 2, 3], estimate: 9))
    let percentile = try #require(BootstrapInterval.percentile([1, 2, 3]))
    #expect(corrected == percentile)
  }

  @Test func constantsAndNothing() throws {
    #expect(BootstrapInterval.percentile([]) == nil)
    #expect(BootstrapInterval.corrected([], estimate: 1) == nil)
    let corrected = try #require(
      BootstrapInterval.corrected([2, 2], estimate: 2, leaveOneOut: [2, 2]))
    #expect(corrected.low == 2 && corrected.high == 2)
  }
}
