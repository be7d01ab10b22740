import Domains
import LinearAlgebra
import Metrics
import Randomness
import TestSupport
import Testing

@Suite struct GroupMetricTests {
  private let sex = Domain.Group(
    name: "sex", levels: ["female", "male"], members: [0, 0, 0, 0, 1, 1, 1, 1])

  @Test(arguments: try Golden.read().cases.filter { $0.groupScores != nil })
  func agreesWithFairlearn(_ golden: Golden.Case) throws {
    let evaluation = golden.evaluation
    let scores = try #require(golden.groupScores)
    for metric in MetricRegistry.group {
      let expected = try #require(scores[metric.id])
      let value = metric.value(evaluation, group: golden.groups[0], weights: golden.weights)
      #expect(agrees(value, expected), "\(metric.id): \(value as Any), \(expected as Any)")
      #expect(
        metric.statistic(group: "g").value(evaluation, weights: golden.weights) == value)
    }
  }

  @Test func handCase() {
    let evaluation = certain(
      [1, 1, 0, 0, 1, 1, 0, 0], [1, 0, 0, 0, 1, 1, 1, 0], classCount: 2, groups: [sex])
    func value(_ metric: GroupMetric) -> Double? { metric.value(evaluation, group: sex) }
    #expect(value(.demographicParityDifference) == 0.5)
    #expect(value(.equalOpportunityDifference) == 0.5)
    #expect(value(.equalisedOddsDifference) == 0.5)
    // Precision 1 of the women, 2/3 of the men; a quarter selected of the women, 3/4 of the men.
    #expect(agrees(value(.predictiveParityDifference), 1.0 / 3))
    #expect(agrees(value(.demographicParityRatio), 1.0 / 3))
    #expect(value(.equalOpportunityRatio) == 0.5)
    #expect(value(.equalisedOddsRatio) == 0)
    #expect(value(.accuracyGap) == 0)
    #expect(value(.worstGroupAccuracy) == 0.75)
    #expect(value(.calibrationGap) == 0)
    let rows = GroupAccuracy.rows(evaluation, group: sex, weights: [1, 3, 1, 1, 1, 1, 1, 1])
    #expect(rows.map(\.label) == ["sex=female", "sex=male"])
    #expect(rows.map(\.value) == [0.5, 0.75])
    let statistic = GroupAccuracy.statistic(group: "sex", level: "female")
    #expect(statistic.value(evaluation, weights: [1, 3, 1, 1, 1, 1, 1, 1]) == 0.5)
    #expect(
      GroupAccuracy.statistic(group: "sex", level: "none")
        .value(evaluation, weights: evaluation.unitWeights) == nil)
  }

  @Test func levelWithoutSamplesIsLeftOut() {
    let group = Domain.Group(
      name: "age", levels: ["young", "middle", "old"], members: [0, 0, 0, 0, 2, 2, 2, 2])
    let evaluation = certain([1, 1, 0, 0, 1, 1, 0, 0], [1, 0, 0, 0, 1, 1, 0, 0], classCount: 2)
    #expect(GroupMetric.accuracyGap.value(evaluation, group: group) == 0.25)
    #expect(GroupMetric.worstGroupAccuracy.value(evaluation, group: group) == 0.75)
    #expect(
      GroupAccuracy.rows(evaluation, group: group, weights: evaluation.unitWeights).map(\.value)
        == [0.75, nil, 1])
    // Without weight on the old there is one level.
    let young: [Double] = [1, 1, 1, 1, 0, 0, 0, 0]
    for metric in MetricRegistry.group where metric.id != GroupMetric.worstGroupAccuracy.id {
      #expect(metric.value(evaluation, group: group, weights: young) == nil, "\(metric.id)")
    }
    #expect(GroupMetric.worstGroupAccuracy.value(evaluation, group: group, weights: young) == 0.75)
  }

  @Test func rateWithoutItsClassIsLeftOut() {
    // No positives among the women.
    let evaluation = certain([0, 0, 0, 0, 1, 1, 0, 0], [1, 0, 0, 0, 1, 1, 0, 0], classCount: 2)
    #expect(GroupMetric.equalOpportunityDifference.value(evaluation, group: sex) == nil)
    #expect(GroupMetric.equalisedOddsDifference.value(evaluation, group: sex) == nil)
    #expect(GroupMetric.demographicParityDifference.value(evaluation, group: sex) == 0.25)
  }

  @Test func missingAttributeDoesNotApply() {
    let evaluation = random(20, classCount: 2, key: RandomKey(seed: 3))
    let statistic = GroupMetric.accuracyGap.statistic(group: "age")
    #expect(statistic.value(evaluation, weights: evaluation.unitWeights) == nil)
  }

  @Test func weightCountsASampleThatOften() {
    let evaluation = random(60, classCount: 2, key: RandomKey(seed: 4))
    let weights = (0..<60).map { $0 % 3 }
    let rows = weights.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    let repeated = selecting(evaluation, rows: rows)
    for metric in MetricRegistry.group {
      let value = metric.value(
        evaluation, group: evaluation.groups[0], weights: weights.map(Double.init))
      #expect(agrees(value, metric.value(repeated, group: repeated.groups[0])), "\(metric.id)")
    }
  }

  @Test func registryHoldsTheGroupMeasures() {
    #expect(
      MetricRegistry.group.map(\.id) == [
        "demographic-parity-difference", "equal-opportunity-difference",
        "equalised-odds-difference", "predictive-parity-difference", "accuracy-gap",
        "calibration-gap", "worst-group-accuracy", "demographic-parity-ratio",
        "equal-opportunity-ratio", "equalised-odds-ratio",
      ])
    #expect(MetricRegistry.group.allSatisfy { $0.definition.hasSuffix(".") })
    #expect(MetricRegistry.groupMetric("accuracy-gap")?.title == "Accuracy gap")
  }

  @Test func ratiosNeedARate() {
    let nobody = certain([1, 1, 0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0], classCount: 2)
    for metric in [
      GroupMetric.demographicParityRatio, .equalOpportunityRatio, .equalisedOddsRatio,
      .predictiveParityDifference,
    ] { #expect(metric.value(nobody, group: sex) == nil, "\(metric.id)") }
    #expect(GroupMetric.demographicParityDifference.value(nobody, group: sex) == 0)
  }

  @Test func smallLevelsAreSuppressedByName() {
    let group = Domain.Group(
      name: "age", levels: ["young", "middle", "old", "none"], members: [0, 0, 0, 1, 1, 1, 2, 2])
    func evaluation(least: Int) -> Evaluation {
      let predicted = [1, 0, 0, 0, 1, 1, 1, 0]
      return Evaluation(
        labels: [1, 1, 0, 0, 1, 1, 0, 0], classCount: 2,
        predictions: Predictions(
          probabilities: Matrix(predicted.map { [1 - Double($0), Double($0)] })),
        groups: [group], leastGroupCount: least)
    }
    let (all, shown) = (evaluation(least: 1), evaluation(least: 3))
    #expect(all.suppressedLevels.isEmpty)
    #expect(GroupMetric.worstGroupAccuracy.value(all, group: group) == 0.5)
    #expect(shown.suppressedLevels.map(\.label) == ["age=old"])
    #expect(shown.suppressedLevels.map(\.count) == [2])
    #expect(agrees(GroupMetric.worstGroupAccuracy.value(shown, group: group), 2.0 / 3))
    #expect(agrees(GroupMetric.accuracyGap.value(shown, group: group), 1.0 / 3))
    #expect(
      GroupAccuracy.rows(shown, group: group, weights: shown.unitWeights).map { $0.value != nil }
        == [true, true, false, false])
    // Who is suppressed does not depend on the weights.
    #expect(
      agrees(
        GroupMetric.accuracyGap.value(
          shown, group: group, weights: [1, 0, 0, 1, 0, 0, 5, 5]), 0))
    #expect(evaluation(least: 4).suppressedLevels.count == 3)
    #expect(GroupMetric.worstGroupAccuracy.value(evaluation(least: 4), group: group) == nil)
  }
}
