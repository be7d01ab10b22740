import Foundation
import LinearAlgebra
import Networks
import Randomness
import TestSupport
import Testing

@testable import Learners

@Suite struct DeepEmbeddedClusteringTests {
  /// What Scripts/golden/dec.py recorded.
  private struct Golden: Decodable {
    let begun: [[Double]]
    let shares: [[Double]]
    let centroids: [[Double]]
  }

  /// Numbers that look drawn, as the script makes them.
  private func pattern(_ shape: [Int], _ seed: Int, _ bound: Double) -> [Double] {
    (0..<shape.reduce(1, *)).map { place in
      Double((place * 7919 + seed * 104729) % 2003 - 1001) / 1001 * bound
    }
  }

  private func distance(_ one: Matrix<Double>, _ other: [[Double]]) -> Double {
    zip(one.elements, other.joined()).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test func refinesAsPyTorchDoes() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/dec.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: path))
    let features = Matrix(rows: 48, columns: 6, elements: pattern([48, 6], 1, 2))
    let widths = [6, 128, 128, 10]
    var arrays: [(name: String, tensor: Tensor)] = []
    for layer in 0..<3 {
      let bound = 1.5 / Double(widths[layer]).squareRoot()
      for (part, shape) in [
        ("weight", [widths[layer + 1], widths[layer]]), ("bias", [widths[layer + 1]]),
      ] {
        arrays.append(
          (
            "encoder.\(layer).\(part)",
            Tensor(
              shape,
              pattern(shape, 10 + 2 * layer + (part == "bias" ? 1 : 0), bound).map { Float($0) })
          ))
      }
    }
    let embedding = DeepEmbeddedClustering.Embedding(
      encoder: .small, input: try NetworkInput(.perceptron, fittedTo: features),
      weights: WeightSnapshot(arrays))
    let centroids = Matrix(rows: 3, columns: 10, elements: pattern([3, 10], 20, 0.5))
    let begun = DeepEmbeddedClusteringModel(embedding, centroids: centroids)
    #expect(distance(begun.shares(ofCodes: begun.codes(of: features)), golden.begun) < 1e-5)
    var algorithm = DeepEmbeddedClustering(clusters: 3)
    algorithm.rounds = 1
    let refined = algorithm.refined(embedding, centroids, features, key: RandomKey(seed: 0))
    #expect(distance(refined.shares(ofCodes: refined.codes(of: features)), golden.shares) < 1e-4)
    #expect(distance(refined.centroids, golden.centroids) < 1e-4)
    #expect(distance(centroids, golden.centroids) > 1e-3)
  }

  @Test func sharpensWhatIsClearAlready() {
    let shares = Matrix<Double>([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
    let sharp = DeepEmbeddedClustering.sharpened(shares)
    // The first row: 0.81 / 1.7 beside 0.01 / 1.3.
    #expect(abs(sharp[0, 0] - (0.81 / 1.7) / (0.81 / 1.7 + 0.01 / 1.3)) < 1e-15)
    for row in 0..<3 { #expect(abs(sharp.row(row).reduce(0, +) - 1) < 1e-15) }
    #expect(sharp[0, 0] > 0.9 && sharp[2, 1] > 0.8)
  }

  /// The rounds gather codes: they make the nearest centroid's share larger.
  @Test func codesGatherAboutCentroids() throws {
    var stream = RandomStream(RandomKey(seed: 2))
    let features = Matrix(
      (0..<120).map { row in
        (0..<8).map { ($0 % 3 == row % 3 ? 3.0 : 0) + stream.normal() }
      })
    var algorithm = DeepEmbeddedClustering(clusters: 3)
    let embedding = try algorithm.embedding(of: features, key: RandomKey(seed: 1))
    func certainty(_ rounds: Int) throws -> Double {
      algorithm.rounds = rounds
      let model = try algorithm.fit(features, from: embedding, key: RandomKey(seed: 3))
      let shares = model.shares(ofCodes: model.codes(of: features))
      return (0..<120).reduce(0) { $0 + (shares.row($1).max() ?? 0) } / 120
    }
    #expect(try certainty(10) > certainty(0) + 0.01)
  }

  @Test func refusesWhatIsNoSample() {
    let algorithm = DeepEmbeddedClustering(clusters: 2)
    #expect(throws: LearnerError.noSamples) {
      try algorithm.embedding(of: Matrix(rows: 0, columns: 3), key: RandomKey(seed: 0))
    }
    #expect(throws: LearnerError.notFinite) {
      try algorithm.embedding(of: Matrix([[1, .nan]]), key: RandomKey(seed: 0))
    }
  }
}
