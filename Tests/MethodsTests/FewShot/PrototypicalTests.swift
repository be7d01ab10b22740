import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct PrototypicalTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    try golden.expectAgreement(golden.classifier(Prototypical()), "prototypical")
  }

  /// Without episodes it is the nearest class mean of the source's features.
  @Test func withoutEpisodesItIsAProbe() throws {
    let problem = TuningProblem()
    var method = Prototypical()
    method.training.episodes = 0
    var probe = LinearProbe()
    probe.probe = .nearestMean
    let key = RandomKey(seed: 1)
    let target = problem.target
    let found = try method.fit(
      source: problem.source, shots: problem.shots, unlabelled: target.unlabelled, key: key)
    let expected = try probe.fit(
      source: problem.source, shots: problem.shots, unlabelled: target.unlabelled, key: key)
    #expect(
      found.probabilities(of: target.features) == expected.probabilities(of: target.features))
  }
}
