import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct ModelAgnosticTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try AdaptationGolden.read().runs
    try golden.expectAgreement(golden.adapted(ModelAgnostic()), "maml")
  }

  /// The mean loss of queries after a network has adapted to their episodes, from a start that
  /// nothing trained and from the one that other episodes moved it to.
  static func losses(_ method: some MetaMethod) throws -> (before: Float, after: Float) {
    let problem = TuningProblem()
    let shape = EpisodeShape(ways: 4, shots: 2, queries: 3)
    let run = try FineTuningRun(
      .perceptron, source: problem.source, shots: problem.source,
      start: problem.source.untrained(.perceptron, key: RandomKey(seed: 1)),
      budget: FineTuningBudget(), key: RandomKey(seed: 2))
    let meta = method.meta(run, shape)
    let episodes = try Episodes(
      of: problem.source.labels, shape: shape, key: RandomKey(seed: 3))
    func loss() -> Float {
      let start = meta.weights
      let sum = (1000..<1020).reduce(Float(0)) { sum, index in
        meta.weights = start
        meta.adapt(to: episodes[index])
        return sum + meta.ask(episodes[index])
      }
      meta.weights = start
      return sum / 20
    }
    let before = loss()
    method.learn(meta, from: (0..<method.training.episodes).map { episodes[$0] })
    return (before, loss())
  }

  @Test func episodesTeachToAdapt() throws {
    let losses = try Self.losses(ModelAgnostic())
    #expect(losses.after < 0.5 * losses.before)
  }

  /// Without inner steps it would be training on the queries: the gradient is taken elsewhere.
  @Test func gradientIsTakenAtTheAdaptedWeights() throws {
    let golden = try AdaptationGolden.read().runs
    let plain = try golden.adapted(ModelAgnostic(), innerSteps: 0)
      .probabilities(of: Matrix(golden.queries))
    let adapted = try golden.adapted(ModelAgnostic()).probabilities(of: Matrix(golden.queries))
    #expect(relativeDifference(plain, adapted) > 1e-3)
  }
}
