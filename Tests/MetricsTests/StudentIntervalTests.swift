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
}
