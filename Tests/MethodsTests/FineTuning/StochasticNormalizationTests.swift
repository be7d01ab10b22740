import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct StochasticNormalizationTests {
  /// Always the batch's statistics: batch normalisation as it is.
  @Test func shareOfOneIsFineTuning() throws {
    let problem = TuningProblem()
    let plain = try problem.run(.normalizedPerceptron)
    FineTune().tune(plain)
    var method = StochasticNormalization()
    method.share = 1
    let same = try problem.run(.normalizedPerceptron)
    try method.tune(same)
    #expect(plain.weights.snapshot == same.weights.snapshot)
    method.share = 0.5
    let mixed = try problem.run(.normalizedPerceptron)
    try method.tune(mixed)
    #expect(mixed.weights.snapshot != same.weights.snapshot)
    #expect(mixed.changed.contains("bn1.running_mean"))
  }

  @Test func networksWithoutNormalizationDoNotApply() throws {
    let problem = TuningProblem()
    var method = StochasticNormalization()
    method.learner = .perceptron
    #expect(throws: MethodError.notApplicable(reason: "mlp has no batch normalisation")) {
      _ = try method.fit(
        source: problem.source, shots: problem.shots, unlabelled: problem.target.unlabelled,
        key: RandomKey(seed: 0))
    }
  }
}
