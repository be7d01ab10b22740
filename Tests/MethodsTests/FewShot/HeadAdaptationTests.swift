import Domains
import Learners
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct HeadAdaptationTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try AdaptationGolden.read().runs
    try golden.expectAgreement(golden.adapted(HeadAdaptation()), "anil")
  }

  @Test func episodesTeachToAdapt() throws {
    let losses = try ModelAgnosticTests.losses(HeadAdaptation())
    #expect(losses.after < 0.5 * losses.before)
  }

  /// Neither an episode nor the shots change a bit before the last layer.
  @Test func theHeadAloneAdapts() throws {
    let problem = TuningProblem()
    let shape = EpisodeShape(ways: 4, shots: 2, queries: 3)
    let episodes = try Episodes(
      of: problem.source.labels, shape: shape, key: RandomKey(seed: 3))
    let run = try FineTuningRun(
      .perceptron, source: problem.source, shots: problem.source, head: .source,
      budget: FineTuningBudget(), key: RandomKey(seed: 2))
    let meta = HeadAdaptation().meta(run, shape)
    let begun = run.weights.snapshot
    meta.adapt(to: episodes[0])
    #expect(run.changed.isEmpty && run.weights.snapshot != begun)
    let tuned = try problem.run(head: .source)
    HeadAdaptation().adapt(tuned)
    #expect(tuned.changed.isEmpty)
    ModelAgnostic().adapt(tuned)
    #expect(!tuned.changed.isEmpty)
  }

  /// The others learn from the episodes nevertheless.
  @Test func episodesMoveTheLayersBelow() throws {
    let problem = TuningProblem()
    let shape = EpisodeShape(ways: 4, shots: 2, queries: 3)
    let run = try FineTuningRun(
      .perceptron, source: problem.source, shots: problem.source, head: .source,
      budget: FineTuningBudget(), key: RandomKey(seed: 2))
    let episodes = try Episodes(
      of: problem.source.labels, shape: shape, key: RandomKey(seed: 3))
    HeadAdaptation().learn(HeadAdaptation().meta(run, shape), from: [episodes[0]])
    #expect(run.changed == run.trunk.map(\.name))
  }
}
