import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct SeededKMeansTests {
  @Test func agreesWithScikitLearn() throws {
    let golden = try Golden.read()
    let found = SeededKMeans()
      .cluster(golden.target.matrix, from: golden.clustering.start.matrix)
    #expect(relativeDifference(found.centroids, golden.clustering.kMeans.matrix) < 1e-6)
  }

  @Test func pulledCentroidsAgreeWithNumPy() throws {
    let golden = try Golden.read()
    for expected in golden.clustering.pulled {
      var method = SeededKMeans()
      method.pull = expected.pull
      let found = method.cluster(golden.target.matrix, from: golden.clustering.start.matrix)
      #expect(relativeDifference(found.centroids, expected.centroids.matrix) < 1e-6)
    }
  }

  @Test func clusterWithoutSamplesKeepsItsCentroid() {
    let found = SeededKMeans().cluster(Matrix([[0], [1]]), from: Matrix([[0.4], [100]]))
    #expect(found.centroids == Matrix([[0.5], [100]]))
  }

  /// A pull beyond all samples leaves the source's own clusters.
  @Test func strongPullKeepsTheSourcesClusters() throws {
    let problem = Problem.twoClasses
    var method = SeededKMeans()
    method.pull = 1e6
    let key = RandomKey(seed: 0)
    let found = try method.fit(
      source: problem.source.unlabelled, target: problem.target, clusterCount: 2, key: key
    ).clusters(of: problem.queries)
    let seeds = try KMeans(clusters: 2).fit(problem.source.features, key: key.child("source"))
    #expect(found == seeds.clusters(of: problem.queries))
  }
}
