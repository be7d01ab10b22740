import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TransferFuzzyCMeansTests {
  @Test func agreesWithNumPy() throws {
    let golden = try Golden.read()
    for expected in golden.clustering.fuzzy {
      var method = TransferFuzzyCMeans()
      method.fuzzifier = expected.fuzzifier
      method.strength = expected.strength
      let found = try method.cluster(
        golden.target.matrix, from: golden.clustering.start.matrix, key: RandomKey(seed: 0))
      #expect(relativeDifference(found.centroids, expected.centroids.matrix) < 1e-6)
    }
  }

  /// The cluster of a sample is the one of its largest membership.
  @Test func clustersHaveTheLargestMembership() throws {
    let golden = try Golden.read()
    let (features, anchors) = (golden.target.matrix, golden.clustering.start.matrix)
    let method = TransferFuzzyCMeans()
    let found = try method.cluster(features, from: anchors, key: RandomKey(seed: 0))
    let distances =
      features.squaredDistances(to: found.centroids)
      + features.squaredDistances(to: anchors) * method.strength
    let memberships = FuzzyCMeans.memberships(distances, fuzzifier: method.fuzzifier)
    #expect(found.clusters(of: features) == (memberships * -1).rowMinima)
  }

  /// Without the source's term the method is fuzzy c-means from the source's centroids.
  @Test func withoutStrengthItIsFuzzyCMeans() throws {
    let golden = try Golden.read()
    let (features, anchors) = (golden.target.matrix, golden.clustering.start.matrix)
    var method = TransferFuzzyCMeans()
    method.strength = 0
    let key = RandomKey(seed: 0)
    let found = try method.cluster(features, from: anchors, key: key)
    let plain = try FuzzyCMeans(clusters: 3, fuzzifier: method.fuzzifier)
      .fit(features, initial: anchors, key: key)
    #expect(found.centroids == plain.centroids)
  }
}
