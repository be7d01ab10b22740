import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct FeatureAugmentationTests {
  private func probabilities(_ learner: LearnerChoice) throws -> Matrix<Double> {
    let golden = try Golden.read()
    var method = FeatureAugmentation()
    method.learner = learner
    return try method.fit(
      source: golden.labelledSource, shots: golden.labelledShots,
      unlabelled: UnlabelledSample(features: golden.target.matrix), key: RandomKey(seed: 0)
    ).probabilities(of: golden.target.matrix)
  }

  /// The nearest mean has a closed form, so nothing but the features can differ.
  @Test func agreesWithScikitLearnsNearestCentroid() throws {
    let expected = try Golden.read().featureAugmentation.nearestMean.matrix
    #expect(relativeDifference(try probabilities(.nearestMean), expected) < 1e-6)
  }

  /// Up to the tolerance of the optimisers, which end at a gradient of 1e-6.
  @Test func agreesWithScikitLearnsLogisticRegression() throws {
    let expected = try Golden.read().featureAugmentation.logistic.matrix
    #expect(relativeDifference(try probabilities(.logisticRegression), expected) < 1e-4)
  }
}
