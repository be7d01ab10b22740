import Foundation
import Metrics
import TestSupport
import Testing

@Suite struct LearningCurveTests {
  private func curve(_ shots: [Int], _ scores: [Double]) throws -> LearningCurve {
    try #require(
      LearningCurve(zip(shots, scores).map { LearningCurve.Point(shots: $0, score: $1) }))
  }

  @Test func figuresOfAHandCase() throws {
    let method = try curve([1, 2, 5], [0.5, 0.7, 0.8])
    let reference = try curve([1, 2, 5], [0.3, 0.5, 0.7])
    let transfer = try #require(method.transfer(over: reference, direction: .higherIsBetter))
    #expect(agrees(transfer.jumpStart, 0.2))
    #expect(agrees(transfer.asymptoticGain, 0.1))
    // (0.6 + 3 · 0.75)/4 and (0.4 + 3 · 0.6)/4.
    #expect(agrees(method.area, 2.85 / 4))
    #expect(agrees(transfer.areaGain, 0.65 / 4))
    // Both reach 0.7: the method at 2 shots, the reference at 5.
    #expect(agrees(transfer.labelEfficiencyRatio, 2.5))
  }

  @Test func thresholdsAreReachedBetweenPoints() throws {
    let rising = try curve([1, 5, 10], [0.2, 0.6, 0.8])
    #expect(rising.shots(toReach: 0.1, direction: .higherIsBetter) == 1)
    #expect(agrees(rising.shots(toReach: 0.5, direction: .higherIsBetter), 4))
    #expect(rising.shots(toReach: 0.9, direction: .higherIsBetter) == nil)
    let falling = try curve([1, 5], [2.0, 1.0])
    #expect(agrees(falling.shots(toReach: 1.25, direction: .lowerIsBetter), 4))
    #expect(falling.shots(toReach: 1.25, direction: .neutral) == nil)
    // The first crossing of a curve that falls back.
    let uneven = try curve([1, 2, 3, 4], [0.0, 0.8, 0.2, 0.9])
    #expect(agrees(uneven.shots(toReach: 0.4, direction: .higherIsBetter), 1.5))
  }

  @Test func aMethodThatHarmsNeedsMoreLabels() throws {
    let good = try curve([1, 2, 4], [0.5, 0.6, 0.7])
    let bad = try curve([1, 2, 4], [0.3, 0.4, 0.6])
    let transfer = try #require(bad.transfer(over: good, direction: .higherIsBetter))
    #expect(transfer.jumpStart < 0 && transfer.asymptoticGain < 0 && transfer.areaGain < 0)
    #expect(agrees(transfer.labelEfficiencyRatio, 0.5))
    let inverse = try #require(good.transfer(over: bad, direction: .higherIsBetter))
    #expect(agrees(inverse.labelEfficiencyRatio, 2))
  }

  @Test func aLossTurnsTheThreshold() throws {
    let method = try curve([1, 2, 4], [1.0, 0.5, 0.25])
    let reference = try curve([1, 2, 4], [2.0, 1.0, 0.5])
    let transfer = try #require(method.transfer(over: reference, direction: .lowerIsBetter))
    #expect(transfer.jumpStart == -1 && transfer.asymptoticGain == -0.25)
    #expect(transfer.labelEfficiencyRatio == 2)
    #expect(method.transfer(over: reference, direction: .neutral)?.labelEfficiencyRatio == nil)
  }

  @Test func theSameCurveGainsNothing() throws {
    let curve = try curve([1, 3], [0.4, 0.4])
    let transfer = try #require(curve.transfer(over: curve, direction: .higherIsBetter))
    #expect(transfer.jumpStart == 0 && transfer.asymptoticGain == 0 && transfer.areaGain == 0)
    #expect(transfer.labelEfficiencyRatio == 1)
  }

  @Test func curvesNeedTwoPointsAndTheSameShots() throws {
    #expect(LearningCurve([LearningCurve.Point(shots: 1, score: 0.5)]) == nil)
    #expect(LearningCurve([]) == nil)
    let short = try curve([1, 2], [0.1, 0.2])
    let long = try curve([1, 3], [0.1, 0.2])
    #expect(short.transfer(over: long, direction: .higherIsBetter) == nil)
    #expect(try curve([3, 1], [0.2, 0.1]).points.map(\.shots) == [1, 3])
  }

  @Test(arguments: try Golden.read().curves)
  func areasAndThresholdsAgreeWithNumPyAndSciPy(_ golden: Golden.Curve) throws {
    let curve = try curve(golden.shots, golden.scores)
    #expect(agrees(curve.area, golden.area))
    for (threshold, shots) in zip(golden.thresholds, golden.reached) {
      #expect(agrees(curve.shots(toReach: threshold, direction: .higherIsBetter), shots))
    }
  }
}
