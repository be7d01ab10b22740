import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct CentroidClusteringTests {
  @Test func kMeansAgreesWithScikitLearn() throws {
    let golden = try Golden.read()
    let iteration = CentroidIteration(membership: .hard, maximumIterations: 1000)
    let found = iteration.solve(golden.target.matrix, from: golden.clustering.start.matrix)
    #expect(relativeDifference(found.centroids, golden.clustering.kMeans.matrix) < 1e-6)
  }

  @Test func pulledKMeansAgreesWithNumPy() throws {
    let golden = try Golden.read()
    let start = golden.clustering.start.matrix
    for expected in golden.clustering.pulled {
      let iteration = CentroidIteration(
        membership: .hard, maximumIterations: 1000, anchors: start, pull: expected.pull)
      let found = iteration.solve(golden.target.matrix, from: start)
      #expect(relativeDifference(found.centroids, expected.centroids.matrix) < 1e-6)
    }
  }

  @Test func fuzzyCMeansAgreesWithNumPy() throws {
    let golden = try Golden.read()
    let start = golden.clustering.start.matrix
    for expected in golden.clustering.fuzzy {
      let iteration = CentroidIteration(
        membership: .fuzzy(fuzzifier: expected.fuzzifier), maximumIterations: 100_000,
        anchors: start, pull: expected.strength)
      let found = iteration.solve(golden.target.matrix, from: start)
      #expect(relativeDifference(found.centroids, expected.centroids.matrix) < 1e-6)
    }
  }

  @Test(arguments: [1.01, 2, 10]) func memberShipsOfSamplesOnCentroidsAreFinite(_ m: Double) {
    let features = Matrix<Double>([[0, 0], [0, 0], [1, 0], [5, 5]])
    let iteration = CentroidIteration(
      membership: .fuzzy(fuzzifier: m), maximumIterations: 100)
    let (weights, objective) = iteration.weights(
      of: features, Matrix([[0, 0], [0, 0], [1, 0]]))
    #expect(weights.isFinite && objective.isFinite)
    #expect(weights[2, 2] == 1 && weights[2, 0] == 0)
    #expect(weights[0, 0] == weights[0, 1] && weights[0, 2] == 0)
  }

  @Test func emptyClusterKeepsItsCentroid() {
    let iteration = CentroidIteration(membership: .hard, maximumIterations: 10)
    let found = iteration.solve(Matrix([[0], [1]]), from: Matrix([[0.4], [100]]))
    #expect(found.centroids == Matrix([[0.5], [100]]))
  }

  /// Two groups far from each other: the second centroid lies in the other group.
  @Test func plusPlusSpreadsTheCentroids() {
    let features = Matrix<Double>([[0], [1e-9], [2e-9], [1], [1 + 1e-9]])
    for seed in 0..<20 {
      let centroids = plusPlusCentroids(
        of: features, count: 2, key: RandomKey(seed: UInt64(seed)))
      #expect(abs(centroids[0, 0] - centroids[1, 0]) > 0.5)
    }
  }
}
