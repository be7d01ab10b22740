import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct SeededKMeansTests {
  /// A pull beyond all samples leaves the source's own clusters.
  @Test func strongPullKeepsTheSourcesClusters() throws {
    let problem = Problem.twoClasses
    var method = SeededKMeans()
    method.pull = 1e6
    let key = RandomKey(seed: 0)
    let found = try method.fit(
      source: problem.source.unlabelled, target: problem.target, clusterCount: 2, key: key
    ).clusters(of: problem.queries)
    let seeds = CentroidIteration(membership: .hard, maximumIterations: 300)
      .solve(problem.source.features, clusters: 2, restarts: 10, key: key.child("source"))
    let expected = CentroidClustering(centroids: seeds.centroids).clusters(of: problem.queries)
    #expect(found == expected)
  }
}
