import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct LowRankAdaptationTests {
  /// The defaults tune 2.6 % of LeNet, head and all.
  @Test func lessThanATwentiethIsTuned() throws {
    let problem = TuningProblem(dimensions: 16, perClass: 3, shots: 1)
    let run = try problem.run(.lenet)
    let all = run.weights.all.reduce(0) { $0 + $1.shape.reduce(1, *) }
    let tuned = LowRankAdaptation().adapt(run)
    #expect(Double(tuned) < 0.05 * Double(all))
    #expect(tuned > 4 * 500)
  }

  /// Kernels differ from the source's by a product of the rank, and nothing else differs.
  @Test func kernelsMoveByLowRank() throws {
    var method = LowRankAdaptation()
    method.rank = 2
    let run = try TuningProblem().run()
    method.adapt(run)
    #expect(run.changed == ["fc1.weight", "fc2.weight"])
    for name in run.changed {
      let (before, after) = (
        try #require(run.start.weights[name]), try #require(run.weights[name]).tensor
      )
      let difference = Matrix(
        rows: before.shape[0], columns: before.shape[1],
        elements: zip(before.values, after.values).map { Double($1) - Double($0) })
      let values = try difference.gram.symmetricEigen().values.reversed().map {
        max(0, $0).squareRoot()
      }
      #expect(values[1] > 1e-3 && values[2] < 1e-3 * values[1])
    }
  }

  @Test func lowRankLearns() throws {
    let problem = TuningProblem()
    let model = try LowRankAdaptation().fit(
      source: problem.source, shots: problem.shots, unlabelled: problem.target.unlabelled,
      key: RandomKey(seed: 1))
    #expect(problem.accuracy(model) > 0.7)
  }
}
