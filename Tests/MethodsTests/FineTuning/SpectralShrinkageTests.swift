import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct SpectralShrinkageTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    let run = try golden.run()
    var method = SpectralShrinkage()
    method.strength = 0.1
    method.count = 2
    method.tune(run)
    try golden.expectAgreement(run, "bss")
  }

  /// The penalised singular values shrink beside plain fine-tuning's; the largest one hardly moves.
  @Test func smallestSingularValuesShrink() throws {
    let problem = TuningProblem()
    func spectrum(_ tune: (FineTuningRun) -> Void) throws -> [Double] {
      let run = try problem.run()
      tune(run)
      let features = run.classifier.features(of: problem.shots.features)
      return try features.multiplied(by: features, transposingOther: true)
        .symmetricEigen().values.map { max(0, $0).squareRoot() }
    }
    let plain = try spectrum { FineTune().tune($0) }
    let shrunk = try spectrum { run in
      var method = SpectralShrinkage()
      method.strength = 0.1
      method.count = 2
      method.tune(run)
    }
    #expect(shrunk[0] < 0.8 * plain[0] && shrunk[1] < 0.8 * plain[1])
    let last = plain.count - 1
    #expect(abs(shrunk[last] / plain[last] - 1) < 0.05)
  }
}
