import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct JointDistributionTests {
  /// Five rounds with full matrices label the target the same.
  @Test func agreesWithTheFullProblem() throws {
    let golden = try Golden.read()
    for (cases, source, target) in [
      (golden.jda, golden.labelledSource, golden.target.matrix),
      (golden.wideJda, golden.labelledWideSource, golden.wideTarget.matrix),
    ] {
      for expected in cases {
        var method = JointDistribution()
        method.components = expected.components
        method.regularization = expected.regularization
        method.rounds = try #require(expected.rounds)
        method.form = try #require(FeatureForm(rawValue: expected.form))
        method.learner = .oneNearestNeighbour
        let model = try method.fit(
          source: source, target: UnlabelledSample(features: target), key: RandomKey(seed: 0))
        let found = Predictions(probabilities: model.probabilities(of: target)).classes
        #expect(found == expected.labels, "\(expected.form)")
      }
    }
  }
}
