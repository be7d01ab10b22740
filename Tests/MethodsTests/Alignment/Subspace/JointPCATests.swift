import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct JointPCATests {
  /// All components are a rotation: distances, and the nearest mean, are those of raw features.
  @Test func allComponentsChangeNothing() throws {
    let golden = try Golden.read()
    var method = JointPCA()
    method.learner = .nearestMean
    var reference = SourceOnly()
    reference.learner = .nearestMean
    let target = UnlabelledSample(features: golden.target.matrix)
    let key = RandomKey(seed: 0)
    let found = try method.fit(source: golden.labelledSource, target: target, key: key)
      .probabilities(of: target.features)
    let expected = try reference.fit(source: golden.labelledSource, target: target, key: key)
      .probabilities(of: target.features)
    #expect(relativeDifference(found, expected) < 1e-9)
  }
}
