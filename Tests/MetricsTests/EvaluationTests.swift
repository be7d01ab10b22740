import LinearAlgebra
import Metrics
import Randomness
import TestSupport
import Testing

@Suite struct EvaluationTests {
  @Test func clustersAreMatchedToClasses() {
    let evaluation = Evaluation(
      labels: [0, 0, 0, 1, 1, 2], classCount: 3, clusters: [2, 2, 1, 1, 1, 0])
    #expect(evaluation.predictedClasses == [0, 0, 1, 1, 1, 2])
    #expect(evaluation.isCorrect(0) && !evaluation.isCorrect(2))
    #expect(evaluation.sampleCount == 6)
    #expect(evaluation.probabilities == nil)
  }

  @Test func clusterWithoutAClassIsNeverRight() {
    let evaluation = Evaluation(labels: [0, 0, 0, 1], classCount: 2, clusters: [0, 0, 1, 2])
    #expect(evaluation.predictedClasses == [0, 0, Evaluation.noClass, 1])
    #expect(Metric.marginalShift.value(evaluation) == 0.25)
    #expect(agrees(Metric.balancedAccuracy.value(evaluation), 5.0 / 6))
  }

  @Test func confusionMatrixCountsWeights() {
    let evaluation = certain([0, 0, 1, 2], [0, 1, 1, 1], classCount: 4)
    let confusion = ConfusionMatrix(evaluation, weights: [1, 2, 3, 4])
    #expect(confusion[0, 1] == 2 && confusion[2, 1] == 4 && confusion[1, 0] == 0)
    #expect(confusion.trueMarginals == [3, 3, 4, 0])
    #expect(confusion.predictedMarginals == [1, 9, 0, 0, 0])
    #expect(confusion.recalls == [1.0 / 3, 1, 0, nil])
  }
}
