import Domains
import Foundation
import LinearAlgebra
import Metrics
import Randomness
import TestSupport
import Testing

@Suite struct MetricTests {
  private let weighted = MetricRegistry.task + MetricRegistry.classBias

  @Test(arguments: try Golden.read().cases)
  func agreesWithReferenceImplementations(_ golden: Golden.Case) throws {
    let evaluation = golden.evaluation
    for (id, expected) in golden.scores.sorted(by: { $0.key < $1.key }) {
      let metric = try #require(
        MetricRegistry.metric(id.replacingOccurrences(of: "-expanded", with: "")))
      let value = metric.value(evaluation, weights: golden.weights)
      #expect(agrees(value, expected), "\(id): \(value as Any), expected \(expected as Any)")
    }
  }

  @Test func registryHoldsTheTaskMetricsInOrder() {
    #expect(
      MetricRegistry.task.map(\.id) == [
        "accuracy", "balanced-accuracy", "macro-precision", "macro-recall", "macro-f1", "log-loss",
        "brier", "ece-width-15", "ece-mass-15", "auroc", "auroc-one-vs-rest", "average-precision",
        "average-precision-one-vs-rest", "adjusted-rand-index", "normalized-mutual-information",
        "adjusted-mutual-information", "homogeneity", "completeness", "v-measure",
        "clustering-accuracy",
      ])
    #expect(
      MetricRegistry.classBias.map(\.id) == ["recall-gap", "worst-class-recall", "marginal-shift"])
    #expect(MetricRegistry.metric("none") == nil)
    #expect(weighted.allSatisfy { $0.definition.hasSuffix(".") })
  }

  @Test(arguments: try Golden.read().cases.filter { $0.classScores != nil })
  func classScoresAgreeWithScikitLearn(_ golden: Golden.Case) throws {
    let confusion = ConfusionMatrix(golden.evaluation, weights: golden.weights)
    let scores = [
      "precision": confusion.precisions, "recall": confusion.recalls, "f1": confusion.f1Scores,
    ]
    for (name, expected) in try #require(golden.classScores).sorted(by: { $0.key < $1.key }) {
      let values = try #require(scores[name])
      #expect(values.count == expected.count)
      #expect(zip(values, expected).allSatisfy { agrees($0, $1) }, "\(name): \(values)")
    }
  }

  @Test func aClassWithoutAScoreCountsNothingInTheMean() {
    // Class 1 is never predicted, class 2 never true, class 3 neither.
    let evaluation = certain([0, 0, 1, 1], [0, 0, 0, 2], classCount: 4)
    let confusion = ConfusionMatrix(evaluation, weights: evaluation.unitWeights)
    #expect(confusion.precisions == [2.0 / 3, nil, 0, nil])
    #expect(confusion.recalls == [1, 0, nil, nil])
    #expect(confusion.f1Scores == [0.8, 0, 0, nil])
    #expect(agrees(Metric.macroPrecision.value(evaluation), 2.0 / 9))
    #expect(agrees(Metric.macroRecall.value(evaluation), 1.0 / 3))
    #expect(Metric.balancedAccuracy.value(evaluation) == 0.5)
    #expect(Metric.worstClassRecall.value(evaluation) == 0)
  }

  @Test func averagePrecisionOfHandCases() {
    // From the top: right, wrong, right. Precision 1 at recall ½, 2/3 at recall 1.
    let evaluation = binary([1, 0, 1], positive: [0.9, 0.8, 0.7])
    #expect(agrees(Metric.averagePrecision.value(evaluation), (1 + 2.0 / 3) / 2))
    // One score for all: one threshold, at which the precision is the share of positives.
    let constant = binary([1, 0, 0, 0], positive: [0.4, 0.4, 0.4, 0.4])
    #expect(Metric.averagePrecision.value(constant) == 0.25)
    #expect(Metric.auroc.value(constant) == 0.5)
    // scikit-learn says 0 and warns where there is no positive.
    #expect(Metric.averagePrecision.value(binary([0, 0], positive: [0.4, 0.3])) == nil)
    #expect(Metric.averagePrecision.value(binary([1, 1], positive: [0.4, 0.3])) == 1)
  }

  @Test func oneAgainstTheRestNeedsMoreThanTwoClasses() {
    let two = binary([0, 1], positive: [0.2, 0.7])
    #expect(Metric.aurocOneVsRest.value(two) == nil)
    #expect(Metric.averagePrecisionOneVsRest.value(two) == nil)
    // With one class alone nothing is above or below anything.
    let alone = certain([1, 1], [1, 1], classCount: 3)
    #expect(Metric.aurocOneVsRest.value(alone) == nil)
    #expect(Metric.averagePrecisionOneVsRest.value(alone) == 1)
  }

  @Test func adjustedMutualInformationCountsWholeSamples() {
    let evaluation = Evaluation(labels: [0, 0, 1, 1], classCount: 2, clusters: [0, 0, 1, 2])
    #expect(
      Metric.adjustedMutualInformation.value(evaluation, weights: [1, 2, 1, 1.5]) == nil)
    #expect(Metric.adjustedMutualInformation.value(evaluation, weights: [1, 2, 1, 0]) == 1)
  }

  @Test func handCaseOfTwoClasses() {
    // Right, wrong, right, right.
    let evaluation = binary([0, 0, 1, 1], positive: [0.1, 0.6, 0.8, 0.6])
    #expect(agrees(Metric.accuracy.value(evaluation), 0.75))
    #expect(agrees(Metric.balancedAccuracy.value(evaluation), 0.75))
    #expect(agrees(Metric.macroF1.value(evaluation), 11.0 / 15))
    // 2 (0.01 + 0.36 + 0.04 + 0.16) / 4.
    #expect(agrees(Metric.brier.value(evaluation), 0.285))
    // Of the four pairs three are in order and one is a tie.
    #expect(agrees(Metric.auroc.value(evaluation), 3.5 / 4))
    #expect(agrees(Metric.recallGap.value(evaluation), 0.5))
    #expect(agrees(Metric.marginalShift.value(evaluation), 0.25))
    // Confidences 0.9 and 0.8 lie in a bin each, right; 0.6 twice in one, right once.
    #expect(agrees(Metric.ece.value(evaluation), 0.125))
  }

  @Test func confidenceOnAnEdgeLiesInTheBinBelow() {
    // 9/15 is an edge: 0.6 and 0.59 share a bin, 0.6 and 0.61 don't.
    let below = binary([1, 0], positive: [0.6, 0.59])
    #expect(agrees(Metric.ece.value(below), 0.095))
    let above = binary([1, 0], positive: [0.6, 0.61])
    #expect(agrees(Metric.ece.value(above), 0.505))
    // The one edge where the product with 15 rounds the next number down to the edge.
    let next = binary([1, 0], positive: [(11.0 / 15).nextUp, 11.0 / 15])
    #expect(agrees(Metric.ece.value(next), 0.5))
  }

  @Test func handCaseOfClusters() {
    // Hubert and Arabie's index of {0, 0, 1, 1} and {0, 0, 1, 2} is 4/7.
    let evaluation = Evaluation(labels: [0, 0, 1, 1], classCount: 2, clusters: [5, 5, 0, 2])
    #expect(agrees(Metric.adjustedRandIndex.value(evaluation), 4.0 / 7))
    #expect(agrees(Metric.normalizedMutualInformation.value(evaluation), 1 / 1.25))
    #expect(agrees(Metric.clusteringAccuracy.value(evaluation), 0.75))
    #expect(agrees(Metric.accuracy.value(evaluation), 0.75))
    #expect(Metric.logLoss.value(evaluation) == nil)
  }

  @Test(arguments: [2, 3, 7])
  func weightCountsASampleThatOften(classCount: Int) {
    let key = RandomKey(seed: 7)
    let whole = random(60, classCount: classCount, key: key)
    var stream = RandomStream(key.child("weights"))
    let weights = (0..<60).map { _ in stream.integer(below: 3) }
    let rows = weights.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    let doubled = (0..<60).flatMap { [$0, $0] }
    // A clustering's classes are matched on its whole sample, which repeating rows could change.
    let aligned = Evaluation(
      labels: whole.labels, classCount: classCount, clusters: whole.labels, groups: whole.groups)
    for evaluation in [whole, aligned] {
      for metric in weighted {
        let value = metric.value(evaluation, weights: weights.map(Double.init))
        #expect(agrees(value, metric.value(selecting(evaluation, rows: rows))), "\(metric.id)")
        let twice = metric.value(evaluation, weights: Array(repeating: 2, count: 60))
        #expect(agrees(twice, metric.value(selecting(evaluation, rows: doubled))), "\(metric.id)")
      }
    }
  }

  @Test func orderOfSamplesChangesNothing() {
    let key = RandomKey(seed: 8)
    let classifier = random(80, classCount: 2, key: key)
    var stream = RandomStream(key.child("order"))
    let order = stream.permutation(80)
    let weights = (0..<80).map { Double($0 % 4) }
    for evaluation in [classifier, clustering(of: classifier)] {
      for metric in weighted {
        #expect(
          agrees(
            metric.value(evaluation, weights: weights),
            metric.value(selecting(evaluation, rows: order), weights: order.map { weights[$0] })),
          "\(metric.id)")
      }
    }
  }

  @Test func perfectPredictionsScoreBest() {
    let perfect = certain([0, 1, 2, 1], [0, 1, 2, 1], classCount: 3)
    for metric in weighted {
      guard let value = metric.value(perfect) else { continue }
      #expect(abs(value - (metric.direction == .higherIsBetter ? 1 : 0)) < 1e-12, "\(metric.id)")
    }
  }

  @Test func nothingAppliesWithoutSamples() {
    let none = certain([], [], classCount: 2)
    let noClusters = Evaluation(labels: [], classCount: 2, clusters: [])
    let weightless = random(5, classCount: 2, key: RandomKey(seed: 1))
    for metric in weighted {
      #expect(metric.value(none) == nil)
      #expect(metric.value(noClusters) == nil)
      #expect(metric.value(weightless, weights: [0, 0, 0, 0, 0]) == nil)
    }
  }

  @Test func scoresOfProbabilitiesNeedNumbers() {
    let broken = binary([0, 1], positive: [.nan, 0.5])
    for metric in [Metric.logLoss, .brier, .ece, .eceOfEqualMass, .auroc, .averagePrecision] {
      #expect(metric.value(broken) == nil)
    }
  }

  @Test func aurocNeedsBothClasses() {
    let evaluation = binary([0, 1], positive: [0.2, 0.7])
    #expect(Metric.auroc.value(evaluation) == 1)
    #expect(Metric.auroc.value(evaluation, weights: [0, 3]) == nil)
    #expect(Metric.auroc.value(certain([0, 1], [0, 1], classCount: 3)) == nil)
  }

  @Test func certainAndWrongLosesTheLogOfEpsilon() throws {
    let loss = try #require(Metric.logLoss.value(binary([0], positive: [1])))
    #expect(abs(loss - 52 * 0.693_147_180_559_945_3) < 1e-9)
  }
}
