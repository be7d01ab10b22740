import Metrics
import TestSupport
import Testing

@Suite struct TransferGainTests {
  @Test func verdictFollowsTheBetterSide() {
    #expect(Verdict(low: 0.01, high: 0.2, direction: .higherIsBetter) == .positive)
    #expect(Verdict(low: -0.2, high: -0.01, direction: .higherIsBetter) == .negative)
    #expect(Verdict(low: 0.01, high: 0.2, direction: .lowerIsBetter) == .negative)
    #expect(Verdict(low: -0.2, high: -0.01, direction: .lowerIsBetter) == .positive)
    #expect(Verdict(low: 0.01, high: 0.2, direction: .neutral) == .neutral)
    for direction in Metric.Direction.allCases {
      #expect(Verdict(low: -0.1, high: 0.1, direction: direction) == .neutral)
      #expect(Verdict(low: 0, high: 0.1, direction: direction) == .neutral)
      #expect(Verdict(low: 0, high: 0, direction: direction) == .neutral)
    }
  }

  @Test func normalizedGainIsTheShareOfTheRoom() {
    func share(_ score: Double, _ reference: Double, _ oracle: Double) -> Double? {
      TransferGain.normalizedGain(
        score: score, reference: reference, oracle: oracle, direction: .higherIsBetter)
    }
    #expect(share(0.75, 0.5, 1) == 0.5)
    #expect(share(0.25, 0.5, 1) == -0.5)
    #expect(share(0.75, 0.5, 0.5) == nil)
    #expect(share(0.75, 0.5, 0.25) == nil)
    // A loss: from 2 to 1, with 0.5 in reach at best.
    #expect(
      TransferGain.normalizedGain(
        score: 1, reference: 2, oracle: 0.5, direction: .lowerIsBetter) == 1 / 1.5)
    #expect(
      TransferGain.normalizedGain(
        score: 1, reference: 2, oracle: 3, direction: .lowerIsBetter) == nil)
    #expect(
      TransferGain.normalizedGain(score: 1, reference: 2, oracle: 3, direction: .neutral) == nil)
    #expect(TransferGain.gain(score: 0.25, reference: 0.5) == -0.25)
  }
}
