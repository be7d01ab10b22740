import LinearAlgebra
import Testing

@testable import Methods

@Suite struct DensityWeightsTests {
  @Test func agreesWithSKADA() throws {
    let golden = try ReweightingGolden.read()
    for expected in golden.density {
      var method = DensityWeights()
      method.bandwidth = expected.bandwidth
      let found = method.weights(of: golden.source.matrix, for: golden.target.matrix)
      #expect(relativeDifference(found, expected.weights) < 1e-6, "\(expected.bandwidth)")
    }
  }

  /// Densities that underflow have a ratio nevertheless.
  @Test func distantDomainsHaveWeights() throws {
    let golden = try ReweightingGolden.read()
    let target = golden.target.matrix.map { $0 + 1e4 }
    var method = DensityWeights()
    method.bandwidth = 1e-3
    let weights = method.weights(of: golden.source.matrix, for: target)
    #expect(weights.allSatisfy { $0 >= 0 && $0.isFinite })
    #expect(abs(weights.reduce(0, +) - 60) < 1e-9)
  }

  @Test func equalDomainsHaveEqualWeights() throws {
    let source = try ReweightingGolden.read().source.matrix
    let weights = DensityWeights().weights(of: source, for: source)
    #expect(weights.allSatisfy { abs($0 - 1) < 1e-12 })
  }
}
