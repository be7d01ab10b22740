import Domains
import Learners
import LinearAlgebra
import Parameters
import Randomness
import Testing

@testable import Methods

@Suite struct JointTransportTests {
  /// With a logistic regression of a gradient far below the learner's default.
  private func solve(
    _ method: JointTransport, _ golden: TransportGolden
  ) throws -> (classifier: any Classifier, objectives: [Double], losses: [Double]) {
    let target = golden.unlabelledTarget
    var settings = LogisticRegression()
    settings.tolerance = 1e-11
    let learner = settings
    return try method.solve(golden.labelledSource, target) { (shares, _) throws(MethodError) in
      let sample = SharedLabels(features: target.features, shares: shares, weighed: true)
      return try MethodError.learning { () throws(LearnerError) in
        try learner.fit(
          features: sample.features, labels: sample.labels, classCount: sample.classCount,
          weights: sample.weights, key: RandomKey(seed: 1))
      }
    }
  }

  @Test func agreesWithSKADA() throws {
    let golden = try TransportGolden.read()
    for expected in golden.joint {
      var method = JointTransport()
      method.labelShare = expected.labelShare
      let found = try solve(method, golden)
      #expect(found.losses.count == expected.losses.count)
      #expect(relativeDifference(found.losses, expected.losses) < 1e-6)
      #expect(relativeDifference(Array(found.objectives.dropFirst()), expected.objectives) < 1e-6)
      let probabilities = found.classifier.probabilities(of: golden.target.matrix)
      #expect(relativeDifference(probabilities, expected.probabilities.matrix) < 1e-6)
    }
  }

  /// Each step lowers the objective, but for the learner's penalty.
  @Test func objectiveFalls() throws {
    let golden = try TransportGolden.read()
    let found = try solve(JointTransport(), golden)
    let objectives = found.objectives.dropFirst()
    #expect(objectives.count > 1)
    #expect(zip(objectives, objectives.dropFirst()).allSatisfy { $1 <= $0 + 1e-3 })
  }
}
