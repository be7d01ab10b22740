import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TransportClusteringTests {
  @Test func agreesWithPOT() throws {
    let golden = try ClusteringGolden.read()
    let start = golden.source.matrix.selecting(rows: [0, 1, 2])
    #expect(golden.transport.barycentres.count == 6)
    for expected in golden.transport.barycentres {
      var method = TransportClustering()
      method.entropy = expected.entropy
      method.rounds = expected.rounds
      let found = method.carry(
        start, shares: golden.transport.shares, to: golden.target.matrix, iterations: 1_000_000,
        tolerance: 1e-12)
      #expect(relativeDifference(found, expected.centroids.matrix) < 1e-6)
    }
  }

  /// Clusters that moved as one are followed, farther than half their distance.
  @Test func followsAShift() throws {
    let source = Matrix<Double>([[0], [0.1], [0.2], [2], [2.1], [2.2]])
    let shifted = source.map { $0 + 1.5 }
    let clusters = try TransportClustering().fit(
      source: UnlabelledSample(features: source), target: UnlabelledSample(features: shifted),
      clusterCount: 2, key: RandomKey(seed: 0)
    ).clusters(of: shifted)
    #expect(Set(clusters.prefix(3)).count == 1 && Set(clusters.suffix(3)).count == 1)
    #expect(clusters[0] != clusters[5])
  }
}
