import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct KLIEPTests {
  private func problem(_ golden: ReweightingGolden) -> DivergenceProblem {
    DivergenceProblem(
      source: golden.source.matrix, target: golden.target.matrix, centres: 100,
      key: RandomKey(seed: 0))
  }

  /// The maximum that SciPy finds, and ADAPT's, up to the iterations' tolerance.
  @Test func agreesWithSciPyAndADAPT() throws {
    let golden = try ReweightingGolden.read()
    for expected in golden.kliep {
      let found = problem(golden).likelihood(gamma: expected.gamma)
      #expect(abs(found - expected.likelihood) < 1e-4, "\(expected.gamma)")
      #expect(abs(found - expected.adaptLikelihood) < 1e-4, "\(expected.gamma)")
      let weights = problem(golden).weights(gamma: expected.gamma)
      #expect(relativeDifference(weights, expected.weights) < 0.02, "\(expected.gamma)")
    }
  }

  /// The likelihood on held-out samples refuses both extremes.
  @Test func likelihoodChoosesAWidthBetween() throws {
    let golden = try ReweightingGolden.read()
    let chosen = problem(golden).likeliest([1e-6, 0.1, 1e3], folds: 5)
    #expect(chosen == 0.1)
  }

  /// Kernels that underflow have weights nevertheless.
  @Test func distantDomainsHaveWeights() throws {
    let golden = try ReweightingGolden.read()
    let problem = DivergenceProblem(
      source: golden.source.matrix, target: golden.target.matrix.map { $0 + 1e4 }, centres: 100,
      key: RandomKey(seed: 0))
    let weights = problem.weights(gamma: 10)
    #expect(weights.allSatisfy { $0 >= 0 && $0.isFinite })
    #expect(abs(weights.reduce(0, +) - 60) < 1e-9)
  }
}
