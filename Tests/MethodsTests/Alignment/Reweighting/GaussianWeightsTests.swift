import LinearAlgebra
import Testing

@testable import Methods

@Suite struct GaussianWeightsTests {
  @Test func agreesWithSKADA() throws {
    let golden = try ReweightingGolden.read()
    let (source, target) = (golden.source.matrix, golden.target.matrix)
    var method = GaussianWeights()
    let shrunk = try method.weights(of: source, for: target)
    #expect(relativeDifference(shrunk, golden.gaussianShrunk) < 1e-6)
    method.covariance = .empirical
    let empirical = try method.weights(of: source, for: target)
    #expect(relativeDifference(empirical, golden.gaussianEmpirical) < 1e-6)
  }

  /// The weights don't depend on the features' units, even where they differ by 20 decades.
  @Test func unitsMakeNoDifference() throws {
    let golden = try ReweightingGolden.read()
    let (source, target) = (golden.source.matrix, golden.target.matrix)
    let units = [1e-10, 1, 1e10, 1e3]
    let plain = try GaussianWeights().weights(of: source, for: target)
    let scaled = try GaussianWeights().weights(
      of: source.scaled(columns: units), for: target.scaled(columns: units))
    #expect(relativeDifference(scaled, plain) < 1e-6)
  }

  /// Densities that underflow have a ratio nevertheless.
  @Test func distantDomainsHaveWeights() throws {
    let golden = try ReweightingGolden.read()
    let target = golden.target.matrix.map { $0 + 1e4 }
    for covariance in GaussianWeights.Covariance.allCases {
      var method = GaussianWeights()
      method.covariance = covariance
      let weights = try method.weights(of: golden.source.matrix, for: target)
      #expect(weights.allSatisfy { $0 >= 0 && $0.isFinite })
      #expect(abs(weights.reduce(0, +) - 60) < 1e-9)
    }
  }

  /// A covariance without full rank gets a ridge.
  @Test func moreFeaturesThanSamplesHaveWeights() throws {
    let golden = try Golden.read()
    var method = GaussianWeights()
    method.covariance = .empirical
    let weights = try method.weights(
      of: golden.wideSource.matrix, for: golden.wideTarget.matrix)
    #expect(weights.allSatisfy { $0 >= 0 && $0.isFinite })
    #expect(abs(weights.reduce(0, +) - 12) < 1e-9)
  }
}
