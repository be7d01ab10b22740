import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct LeastSquaresRatioTests {
  private func ratio(_ golden: ReweightingGolden, _ mixture: Double) -> LeastSquaresRatio {
    let target = golden.target.matrix
    return LeastSquaresRatio(
      mixture: mixture, source: golden.source.matrix.selecting(rows: Array(0..<target.rows)),
      target: target, centres: 100, key: RandomKey(seed: 0))
  }

  @Test func agreesWithADAPT() throws {
    let golden = try ReweightingGolden.read()
    for expected in golden.leastSquares {
      let found = try ratio(golden, expected.mixture)
        .weights(gamma: expected.gamma, ridge: expected.ridge)
      let scaled = ImportanceWeights.scaled(found)
      #expect(relativeDifference(scaled, expected.weights) < 1e-6, "\(expected)")
    }
  }

  /// The closed form equals fitting anew without each pair.
  @Test func leaveOneOutScoreIsExact() throws {
    let golden = try ReweightingGolden.read()
    let rows = Array(0..<golden.target.rows)
    for expected in golden.leastSquares {
      let found = try ratio(golden, expected.mixture)
        .score(gamma: expected.gamma, ridge: expected.ridge, pairs: (rows, rows))
      #expect(abs(found - expected.score) < 1e-9 * abs(expected.score), "\(expected)")
    }
  }

  /// The smallest score of the grid is taken.
  @Test func bestHasTheSmallestScore() throws {
    let ratio = try ratio(ReweightingGolden.read(), 0.1)
    let (gammas, ridges) = ([0.01, 0.1, 1], [0.01, 0.1, 1])
    let best = try ratio.best(gammas: gammas, ridges: ridges)
    let smallest = try ratio.score(gamma: best.gamma, ridge: best.ridge)
    for gamma in gammas {
      for ridge in ridges {
        #expect(try smallest <= ratio.score(gamma: gamma, ridge: ridge))
      }
    }
  }
}
