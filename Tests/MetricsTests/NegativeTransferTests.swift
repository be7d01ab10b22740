import Metrics
import Randomness
import TestSupport
import Testing

@Suite struct NegativeTransferTests {
  @Test func rateAndDepthOfGains() {
    let gains = [0.5, -0.25, 0, -0.75]
    #expect(NegativeTransfer.rate(gains: gains, direction: .higherIsBetter) == 0.5)
    #expect(NegativeTransfer.depth(gains: gains, direction: .higherIsBetter) == 0.25)
    #expect(NegativeTransfer.rate(gains: gains, direction: .lowerIsBetter) == 0.25)
    #expect(NegativeTransfer.depth(gains: gains, direction: .lowerIsBetter) == 0.125)
    #expect(NegativeTransfer.rate(gains: [], direction: .higherIsBetter) == nil)
    #expect(NegativeTransfer.depth(gains: gains, direction: .neutral) == nil)
  }

  @Test func handCaseOfAPair() {
    let labels = [0, 0, 1, 1, 2, 2, 2, 2]
    let reference = certain(labels, [0, 0, 1, 0, 2, 2, 0, 0], classCount: 4)
    let method = certain(labels, [0, 1, 1, 1, 2, 0, 2, 0], classCount: 4)
    let weights = method.unitWeights
    let flips = NegativeTransfer.flips(method: method, reference: reference, weights: weights)
    #expect(flips?.negativeRate == 2.0 / 8 && flips?.positiveRate == 2.0 / 8)
    // Class 0 falls, 1 rises, 2 stays, 3 is absent.
    #expect(
      NegativeTransfer.shareOfClassesMadeWorse(
        method: method, reference: reference, weights: weights) == 1.0 / 3)
    #expect(
      NegativeTransfer.recallGains(method: method, reference: reference, weights: weights)
        == [-0.5, 0.5, 0, nil])
    #expect(
      NegativeTransfer.classesMadeWorse(method: method, reference: reference, weights: weights)
        == [0])
    #expect(
      NegativeTransfer.gap(withSource: method, targetOnly: reference, weights: weights) == 0)
    #expect(
      NegativeTransfer.gap(
        withSource: method, targetOnly: reference, weights: [0, 1, 0, 0, 0, 0, 0, 0]) == 1)
    #expect(NegativeTransfer.gap(errorWithSource: 0.75, errorOnTargetOnly: 0.5) == 0.25)
    let none = [Double](repeating: 0, count: 8)
    #expect(NegativeTransfer.flips(method: method, reference: reference, weights: none) == nil)
    #expect(
      NegativeTransfer.shareOfClassesMadeWorse(
        method: method, reference: reference, weights: none) == nil)
  }

  @Test func accuracyGainIsTheDifferenceOfTheFlips() throws {
    let method = random(200, classCount: 3, skill: 2, key: RandomKey(seed: 5))
    let reference = certain(
      method.labels, (0..<200).map { $0 % 3 }, classCount: 3)
    let weights = (0..<200).map { Double($0 % 5) }
    let flips = try #require(
      NegativeTransfer.flips(method: method, reference: reference, weights: weights))
    let score = try #require(Metric.accuracy.value(method, weights: weights))
    let other = try #require(Metric.accuracy.value(reference, weights: weights))
    #expect(abs(flips.positiveRate - flips.negativeRate - (score - other)) < 1e-12)
  }
}
