import Metrics
import TestSupport
import Testing

@Suite struct FlipTestTests {
  @Test func agreesWithSciPy() throws {
    for golden in try Golden.read().flips {
      let test = FlipTest(negativeFlips: golden.negative, positiveFlips: golden.positive)
      #expect(abs(test.pValue - golden.pValue) <= 1e-9 * golden.pValue)
    }
  }

  @Test func countsTheFlips() {
    let reference = certain([0, 0, 1, 1, 1], [0, 0, 0, 0, 1], classCount: 2)
    let method = certain([0, 0, 1, 1, 1], [1, 0, 1, 1, 1], classCount: 2)
    let test = FlipTest(method: method, reference: reference)
    #expect(test.negativeFlips == 1 && test.positiveFlips == 2)
    // Three fair throws: at most one on the rarer side, either way.
    #expect(test.pValue == 1)
    #expect(FlipTest(method: method, reference: method).pValue == 1)
    #expect(abs(FlipTest(negativeFlips: 5, positiveFlips: 0).pValue - 1.0 / 16) < 1e-12)
  }
}
