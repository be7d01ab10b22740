import Domains
import Learners
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct ReptileTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try AdaptationGolden.read().runs
    try golden.expectAgreement(golden.adapted(Reptile()), "reptile")
  }

  @Test func episodesTeachToAdapt() throws {
    var method = Reptile()
    method.training.innerSteps = 5
    let losses = try ModelAgnosticTests.losses(method)
    #expect(losses.after < 0.5 * losses.before)
  }

  /// The start ends on the line between itself and the adapted weights.
  @Test func startMovesTowardsTheAdaptedWeights() throws {
    let problem = TuningProblem()
    let shape = EpisodeShape(ways: 4, shots: 2, queries: 1)
    let episode = try Episodes(
      of: problem.source.labels, shape: shape, key: RandomKey(seed: 3))[0]
    func weights(_ rate: Double) throws -> (start: [Float], end: [Float]) {
      let run = try FineTuningRun(
        .perceptron, source: problem.source, shots: problem.source,
        start: problem.source.untrained(.perceptron, key: RandomKey(seed: 1)),
        budget: FineTuningBudget(), key: RandomKey(seed: 2))
      var method = Reptile()
      method.training.rate = rate
      let meta = method.meta(run, shape)
      let start = meta.weights.flatMap(\.values)
      method.learn(meta, from: [episode])
      return (start, meta.weights.flatMap(\.values))
    }
    let none = try weights(0)
    let half = try weights(0.5)
    let whole = try weights(1)
    #expect(none.start == none.end && whole.start != whole.end)
    for (place, start) in half.start.enumerated() {
      #expect(abs(half.end[place] - (start + whole.end[place]) / 2) < 1e-6)
    }
  }
}
