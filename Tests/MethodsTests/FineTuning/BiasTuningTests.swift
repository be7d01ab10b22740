import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct BiasTuningTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    let run = try golden.run()
    BiasTuning().tune(run)
    try golden.expectAgreement(run, "bitfit")
  }

  @Test(arguments: [NetworkChoice.perceptron, .normalizedPerceptron])
  func onlyBiasesAndTheHeadChange(_ network: NetworkChoice) throws {
    let run = try TuningProblem().run(network)
    let head = run.weights.all.filter { run.isHead($0) }.map(\.tensor)
    BiasTuning().tune(run)
    #expect(
      run.changed
        == run.weights.all.map(\.name).filter {
          $0.hasSuffix(".bias") && !$0.hasPrefix(run.headName)
        })
    #expect(run.weights.all.filter { run.isHead($0) }.map(\.tensor) != head)
  }
}
