import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct SemanticAlignmentTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try AdaptationGolden.read().runs
    let joint = try JointTuning(
      .perceptron, isPretrained: true, source: golden.labelledSource(),
      shots: golden.labelledShots, budget: FineTuningBudget(), key: RandomKey(seed: 0))
    SemanticAlignment().tune(joint)
    try golden.expectAgreement(joint.run.classifier, "ccsa")
  }

  /// Classes of the domains lie closer together, by the distance between classes.
  @Test func alignmentBringsClassesOfBothDomainsTogether() throws {
    let problem = TuningProblem()
    func ratio(_ tradeOff: Double) throws -> Double {
      var method = SemanticAlignment()
      method.tradeOff = tradeOff
      method.budget.trunkRate = 1
      let model = try method.fit(
        source: problem.source, shots: problem.shots, unlabelled: problem.target.unlabelled,
        key: RandomKey(seed: 1))
      let network = try #require(model as? NetworkClassifier)
      let distances = network.features(of: problem.source.features)
        .squaredDistances(to: network.features(of: problem.target.features))
      var sums = (same: 0.0, other: 0.0)
      for (row, label) in problem.source.labels.enumerated() {
        for (column, other) in problem.target.labels.enumerated() {
          if label == other {
            sums.same += distances[row, column]
          } else {
            sums.other += distances[row, column] / 3
          }
        }
      }
      return sums.same / sums.other
    }
    let ratios = try [0, 0.5].map(ratio)
    #expect(ratios[1] < 0.8 * ratios[0], "\(ratios)")
  }
}
