import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TransferSpectralTests {
  private func graphs(
    _ golden: ClusteringGolden
  ) throws -> (target: SpectralGraph, source: SpectralGraph) {
    var algorithm = SpectralClustering(clusters: 3)
    algorithm.neighbours = golden.spectral.neighbours
    return (
      try algorithm.graph(golden.target.matrix), try algorithm.graph(golden.source.matrix)
    )
  }

  /// The golden script climbs by the authors' steps as well, to the same objective.
  @Test func agreesWithNumPy() throws {
    let golden = try ClusteringGolden.read()
    #expect(golden.spectral.results.count == 2)
    for expected in golden.spectral.results {
      var method = TransferSpectral()
      method.strength = expected.weight
      method.iterations = 100_000
      let found = try method.embed(
        golden.target.matrix, golden.source.matrix, graphs: graphs(golden), dimensions: 3,
        tolerance: 1e-13)
      #expect(abs(found.objective - expected.objective) < 1e-8)
      #expect(relativeDifference(found.target.outerGram, expected.gram.matrix) < 1e-5)
    }
  }

  /// Without strength the embedding is that of the target's graph alone.
  @Test func withoutStrengthItIsSpectralClustering() throws {
    let golden = try ClusteringGolden.read()
    var method = TransferSpectral()
    method.strength = 0
    let found = try method.embed(
      golden.target.matrix, golden.source.matrix, graphs: graphs(golden), dimensions: 3
    ).target
    #expect(relativeDifference(found.outerGram, golden.spectral.alone.matrix) < 1e-8)
  }

  /// No iteration lowers the objective.
  @Test func objectiveGrows() throws {
    let golden = try ClusteringGolden.read()
    var last = -Double.infinity
    for iterations in 1..<12 {
      var method = TransferSpectral()
      method.iterations = iterations
      let objective = try method.embed(
        golden.target.matrix, golden.source.matrix, graphs: graphs(golden), dimensions: 3,
        tolerance: 0
      ).objective
      #expect(objective >= last - 1e-12)
      last = objective
    }
  }
}
