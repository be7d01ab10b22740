import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct FeatureMapAttentionTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    let run = try golden.run()
    var method = FeatureMapAttention()
    method.strength = 1
    try method.tune(run)
    try golden.expectAgreement(run, "delta")
  }

  @Test func featureMapsStayNearer() throws {
    let problem = TuningProblem()
    func distance(_ strength: Double) throws -> Double {
      var method = FeatureMapAttention()
      method.strength = strength
      let run = try problem.run()
      try method.tune(run)
      let kernels = run.blocks.compactMap(\.kernels.last?.name)
      let before = run.start.outputs(of: problem.shots.features, atKernels: kernels)
      let after = run.classifier.outputs(of: problem.shots.features, atKernels: kernels)
      var sum = 0.0
      for (first, last) in zip(before, after) {
        for (old, new) in zip(first.values, last.values) {
          sum += Double((old - new) * (old - new))
        }
      }
      return sum
    }
    let distances = try [0, 0.01, 1].map(distance)
    #expect(distances[1] < distances[0] && distances[2] < 0.5 * distances[1])
  }

  /// A channel that feeds nothing has the least share; shares sum to 1.
  @Test func attentionFollowsTheEffect() throws {
    let shares = FeatureMapAttention.shares([0, 1, 0.5, 3])
    #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    #expect(shares[3] > shares[1] && shares[1] > shares[2] && shares[2] > shares[0])
    #expect(FeatureMapAttention.shares([2, 2]) == [0.5, 0.5])
    let run = try TuningProblem().run()
    let before = run.weights.snapshot
    let kernels = run.blocks.compactMap(\.kernels.last)
    let weights = try FeatureMapAttention().attention(run, kernels)
    #expect(weights.map { $0?.count } == [128, 128])
    #expect(run.weights.snapshot == before)
  }
}
