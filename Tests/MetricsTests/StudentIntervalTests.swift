import Metrics
import TestSupport
import Testing

@Suite struct StudentIntervalTests {
  @Test func agreesWithSciPy() throws {
    for golden in try Golden.read().intervals {
      let interval = try #require(StudentInterval(golden.values, level: golden.level))
      #expect(agrees(interval.low, golden.low))
      #expect(agrees(interval.high, golden.high))
    }
  }

  @Test func oneValueHasNone() {
    #expect(StudentInterval([0.5]) == nil)
    #expect(StudentInterval([]) == nil)
  }

  @Test func twoValuesReachTwelveTimesTheirStandardError() throws {
    let interval = try #require(StudentInterval([0, 2]))
    #expect(interval.mean == 1)
    #expect(abs(interval.standardDeviation - 2.0.squareRoot()) < 1e-12)
    // t(0.975; 1) = tan(0.475 π).
    #expect(abs(interval.high - (1 + 12.706_204_736_174_7)) < 1e-9)
  }

  /// Of five values the quantile has a closed form.
  @Test(arguments: [
    // scipy.stats.t(4).ppf(0.5 + level / 2), SciPy 1.17.1
    (level: 0.95, quantile: 2.776_445_105_197_793_4),
    (level: 0.5, quantile: 0.740_697_084_112_682_6),
    (level: 0.12, quantile: 0.160_861_339_208_499_74),
    (level: 0.05, quantile: 0.066_728_494_700_757_02),
    (level: 0.999_9, quantile: 15.544_100_581_546_113),
  ])
  func fiveValuesReachAsFarAsSciPySays(level: Double, quantile: Double) throws {
    let interval = try #require(StudentInterval([-2, -1, 0, 1, 2], level: level))
    #expect(abs(interval.high - quantile * 0.5.squareRoot()) < 1e-12 * quantile)
  }
}
