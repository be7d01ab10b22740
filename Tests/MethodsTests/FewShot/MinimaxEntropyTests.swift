import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct MinimaxEntropyTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try AdaptationGolden.read().runs
    var method = MinimaxEntropy()
    method.temperature = golden.temperature
    let joint = try JointTuning(
      .perceptron, isPretrained: true, head: .new, source: golden.labelledSource(),
      shots: golden.labelledShots,
      unlabelled: UnlabelledSample(features: Matrix(golden.unlabelled)),
      budget: FineTuningBudget(), key: RandomKey(seed: 0))
    TuningGolden.fillHead(of: joint.run)
    try golden.expectAgreement(method.tune(joint), "mme")
  }

  /// How unsure the model is of the target's samples once it is tuned, with the entropy and without.
  private func entropies(_ change: (inout MinimaxEntropy) -> Void) throws -> [Double] {
    let problem = TuningProblem()
    return try [0, 1].map { tradeOff in
      var method = MinimaxEntropy()
      change(&method)
      method.tradeOff = tradeOff
      let probabilities = try method.fit(
        source: problem.source, shots: problem.shots, unlabelled: problem.target.unlabelled,
        key: RandomKey(seed: 1)
      ).probabilities(of: problem.target.features)
      return -probabilities.entropy(towards: probabilities, 0) / Double(probabilities.rows)
    }
  }

  /// Where the features stay, the directions make the target's entropy larger.
  @Test func directionsMaximizeTheEntropy() throws {
    let found = try entropies { $0.budget.trunkRate = 0 }
    #expect(found[1] > 1.1 * found[0])
  }

  /// Where the directions hardly move, the features make it smaller.
  @Test func featuresMinimizeTheEntropy() throws {
    let found = try entropies {
      $0.budget.rate = 1e-6
      $0.budget.trunkRate = 1e3
    }
    #expect(found[1] < 0.9 * found[0])
  }

  /// Without an unlabelled sample there is no entropy.
  @Test func worksWithoutUnlabelledSamples() throws {
    let problem = TuningProblem()
    let model = try MinimaxEntropy().fit(
      source: problem.source, shots: problem.shots,
      unlabelled: UnlabelledSample(features: Matrix(rows: 0, columns: 12)), key: RandomKey(seed: 1))
    #expect(problem.accuracy(model) > 0.5)
  }
}
