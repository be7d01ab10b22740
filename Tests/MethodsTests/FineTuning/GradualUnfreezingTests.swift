import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct GradualUnfreezingTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    let run = try golden.run()
    GradualUnfreezing().unfreeze(run)
    try golden.expectAgreement(run, "gradual-unfreezing")
  }

  @Test func blocksThawFromTheLastToTheFirst() throws {
    let run = try TuningProblem().run()
    var thawed: [[String]] = []
    GradualUnfreezing().unfreeze(run) { _ in thawed.append(run.changed) }
    let names = run.blocks.map { $0.weights.map(\.name) }
    #expect(thawed == [[], names[1], names[0] + names[1]])
  }
}
