import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct DiscriminatorWeightsTests {
  /// Up to the tolerance of the logistic regression, which ends at a gradient of 1e-6.
  @Test func agreesWithSKADA() throws {
    let golden = try ReweightingGolden.read()
    for expected in golden.discriminator {
      var method = DiscriminatorWeights()
      method.cost = expected.cost
      let found = try method.weights(
        of: golden.source.matrix, for: golden.target.matrix, key: RandomKey(seed: 0))
      #expect(relativeDifference(found, expected.weights) < 1e-4, "\(expected.cost)")
    }
  }

  /// Samples on the target's side count more.
  @Test func weightsRiseTowardsTheTarget() throws {
    let source = Matrix<Double>([[0], [1], [2], [3]])
    let weights = try DiscriminatorWeights().weights(
      of: source, for: Matrix([[2], [3], [4]]), key: RandomKey(seed: 0))
    #expect(zip(weights, weights.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func equalDomainsHaveEqualWeights() throws {
    let source = try ReweightingGolden.read().source.matrix
    let weights = try DiscriminatorWeights().weights(
      of: source, for: source, key: RandomKey(seed: 0))
    #expect(weights.allSatisfy { abs($0 - 1) < 1e-6 })
  }
}
