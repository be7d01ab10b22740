import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct SimpleShotTests {
  @Test(arguments: SimpleShot.Normalization.allCases)
  func agreesWithScikitLearnsNearestCentroid(_ normalization: SimpleShot.Normalization) throws {
    let golden = try Golden.read()
    var method = SimpleShot()
    method.normalization = normalization
    let found = try method.fit(
      source: golden.labelledSource, shots: golden.labelledShots,
      unlabelled: UnlabelledSample(features: golden.target.matrix), key: RandomKey(seed: 0)
    ).probabilities(of: golden.target.matrix)
    let expected = try #require(golden.simpleShot[normalization.rawValue]).matrix
    #expect(relativeDifference(found, expected) < 1e-9)
  }
}
