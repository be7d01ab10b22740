import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct RandomBackboneTests {
  /// Of the source it takes no label; a trained network's features do better.
  @Test func controlsTheProbe() throws {
    let problem = TuningProblem(shots: 2)
    func accuracy(_ method: some InductiveMethod, _ source: LabelledSample) throws -> Double {
      problem.accuracy(
        try method.fit(
          source: source, shots: problem.shots, unlabelled: problem.target.unlabelled,
          key: RandomKey(seed: 1)))
    }
    let relabelled = LabelledSample(
      features: problem.source.features, labels: problem.source.labels.map { ($0 + 1) % 4 },
      classCount: 4)
    let control = try accuracy(RandomBackbone(), problem.source)
    #expect(try accuracy(RandomBackbone(), relabelled) == control)
    #expect(try accuracy(LinearProbe(), problem.source) > control + 0.02)
  }
}
