import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct NearestNeighbourWeightsTests {
  @Test func agreesWithSKADA() throws {
    let golden = try Golden.read()
    var method = NearestNeighbourWeights()
    let (source, target) = (golden.source.matrix, golden.target.matrix)
    #expect(method.weights(of: source, for: target) == golden.nnWeights.smoothed)
    method.smoothing = false
    #expect(method.weights(of: source, for: target) == golden.nnWeights.plain)
  }

  @Test func firstOfEqualNeighboursCounts() {
    let source = Matrix<Double>([[1], [0], [0]])
    #expect(
      NearestNeighbourWeights().weights(of: source, for: Matrix([[0], [0.2], [5]])) == [2, 3, 1])
  }

  /// Weights and repetition are the same thing to a learner that knows both.
  @Test func repetitionStandsForWeights() throws {
    let golden = try Golden.read()
    let source = golden.labelledSource
    let counts = NearestNeighbourWeights().weights(of: source.features, for: golden.target.matrix)
    let repeated = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    let key = RandomKey(seed: 0)
    let weighted = try LearnerChoice.nearestMean.fit(
      source, weights: counts.map(Double.init), key: key)
    let plain = try LearnerChoice.nearestMean.fit(source.selecting(rows: repeated), key: key)
    let target = golden.target.matrix
    #expect(
      relativeDifference(weighted.probabilities(of: target), plain.probabilities(of: target)) < 1e-9
    )
  }
}
