import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct MixtureMAPTests {
  @Test func agreesWithNumPy() throws {
    let golden = try ClusteringGolden.read()
    #expect(golden.maximumAPosteriori.count == 6)
    for expected in golden.maximumAPosteriori {
      var method = MixtureMAP()
      method.relevance = expected.relevance
      var algorithm = GaussianMixture(clusters: 3)
      algorithm.tolerance = -1
      algorithm.maximumIterations = expected.iterations
      let found = try method.adapt(
        golden.start.model, to: golden.target.matrix, algorithm, key: RandomKey(seed: 0))
      #expect(relativeDifference(found.weights, expected.weights) < 1e-8)
      #expect(relativeDifference(found.means, expected.means.matrix) < 1e-8)
      #expect(relativeDifference(found.variances, expected.variances.matrix) < 1e-8)
    }
  }

  /// The prior's components stay where no target sample is.
  @Test func absentClusterStaysWhereTheSourceHasIt() throws {
    let source = Matrix<Double>([[0], [0.1], [-0.1], [10], [10.1], [9.9]])
    let target = Matrix<Double>([[0.5], [0.6], [0.4], [0.5]])
    var method = MixtureMAP()
    method.validated = false
    let clusters = try method.fit(
      source: UnlabelledSample(features: source), target: UnlabelledSample(features: target),
      clusterCount: 2, key: RandomKey(seed: 0)
    ).clusters(of: Matrix([[0.4], [0.6], [10]]))
    #expect(clusters[0] == clusters[1] && clusters[1] != clusters[2])
  }

  /// Where held-out samples are likelier without the source, the target is clustered alone.
  @Test func validationLeavesOutAForeignSource() throws {
    let planted = Planted(key: RandomKey(seed: 3), targetCount: 200, isRelated: false)
    let key = RandomKey(seed: 1)
    let found = try MixtureMAP().fit(
      source: planted.source, target: planted.target, clusterCount: planted.clusterCount, key: key)
    let alone = try GaussianMixture(clusters: planted.clusterCount)
      .fit(planted.target.features, key: key.child("target"))
    #expect(found.clusters(of: planted.queries) == alone.clusters(of: planted.queries))
  }
}
