import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct WeightEnsembleTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    let run = try golden.run(head: .source)
    WeightEnsemble().tune(run)
    try golden.expectAgreement(run, "wise-ft")
  }

  @Test(arguments: [Float(0), 0.25, 0.5, 1]) func weightsLieBetween(_ share: Float) throws {
    let problem = TuningProblem()
    let tuned = try problem.run(.normalizedPerceptron, head: .source)
    let start = tuned.weights.snapshot
    FineTune().tune(tuned)
    let run = try problem.run(.normalizedPerceptron, head: .source)
    var method = WeightEnsemble()
    method.share = Double(share)
    method.tune(run)
    for weight in run.weights.all {
      let (first, last) = (
        try #require(start[weight.name]), try #require(tuned.weights[weight.name]).tensor
      )
      let expected = zip(first.values, last.values).map { (1 - share) * $0 + share * $1 }
      #expect(weight.tensor.values == expected, "\(weight.name)")
    }
  }
}
