import Metrics
import TestSupport
import Testing

@Suite struct HolmCorrectionTests {
  @Test func agreesWithTheFormula() throws {
    for golden in try StatisticsGolden.read().holm {
      let adjusted = HolmCorrection.adjusted(golden.pValues)
      for (value, expected) in zip(adjusted, golden.adjusted) { #expect(agrees(value, expected)) }
    }
  }

  @Test func ofNoneAndOfOne() {
    #expect(HolmCorrection.adjusted([]).isEmpty)
    #expect(HolmCorrection.adjusted([0.2]) == [0.2])
  }

  @Test func keepsTheOrderOfTheTests() {
    // 3 · 0.01, then 2 · 0.01 raised to the one before, then 0.04.
    #expect(HolmCorrection.adjusted([0.04, 0.01, 0.01]) == [0.04, 0.03, 0.03])
  }
}
