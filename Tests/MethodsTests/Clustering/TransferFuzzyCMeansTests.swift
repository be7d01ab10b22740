import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TransferFuzzyCMeansTests {
  /// The cluster of a sample is the one of its largest membership.
  @Test func clustersHaveTheLargestMembership() throws {
    let problem = Problem.twoClasses
    let key = RandomKey(seed: 0)
    let method = TransferFuzzyCMeans()
    let found = try method.fit(
      source: problem.source.unlabelled, target: problem.target, clusterCount: 2, key: key
    ).clusters(of: problem.target.features)
    var iteration = CentroidIteration(
      membership: .fuzzy(fuzzifier: method.fuzzifier), maximumIterations: method.iterations)
    let anchors = iteration.solve(
      problem.source.features, clusters: 2, restarts: method.restarts, key: key.child("source")
    ).centroids
    iteration.anchors = anchors
    iteration.pull = method.strength
    let solution = iteration.solve(problem.target.features, from: anchors)
    let weights = iteration.weights(of: problem.target.features, solution.centroids).weights
    #expect(found == (weights * -1).rowMinima)
  }
}
