import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct ProbeThenTuneTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    let run = try golden.run()
    try ProbeThenTune().tune(run)
    try golden.expectAgreement(run, "lp-ft")
  }

  /// Before the first step the network says what a logistic regression on its features says.
  @Test func headStartsAtTheProbe() throws {
    let problem = TuningProblem()
    let run = try problem.run()
    try run.probeHead()
    let features = run.start.features(of: problem.shots.features)
    let probe = try LearnerChoice.logisticRegression.fit(
      problem.shots.with(features: features), key: RandomKey(seed: 0))
    let expected = probe.probabilities(of: run.start.features(of: problem.target.features))
    let found = run.classifier.probabilities(of: problem.target.features)
    #expect(zip(found.elements, expected.elements).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(run.changed.isEmpty)
  }
}
