import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct StartingPointTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    let run = try golden.run()
    StartingPoint().tune(run)
    try golden.expectAgreement(run, "l2-sp")
  }

  @Test func strongerPullKeepsWeightsNearer() throws {
    let problem = TuningProblem()
    let free = try problem.run()
    FineTune().tune(free)
    let distances = try [0.1, 1, 10].map { strength in
      var method = StartingPoint()
      method.strength = strength
      let run = try problem.run()
      method.tune(run)
      return run.distance
    }
    #expect(distances[0] < free.distance)
    #expect(distances[1] < 0.9 * distances[0] && distances[2] < 0.5 * distances[1])
  }
}
