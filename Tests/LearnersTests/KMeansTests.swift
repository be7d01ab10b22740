import Learners
import LinearAlgebra
import Randomness
import Testing

struct KMeansTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let train: [[Double]]
    let initial: [[Double]]
    let centroids: [[Double]]
    let labels: [Int]
    let inertia: Double
    var testDescription: String { name }
  }

  @Test(arguments: try GoldenFile<Golden>.cases("k-means"))
  func agreesWithScikitLearn(golden: Golden) throws {
    let model = try KMeans(clusters: 3).fit(
      Matrix(golden.train), initial: Matrix(golden.initial), key: key)
    #expect(largestDifference(model.centroids, Matrix(golden.centroids)) < 1e-9)
    #expect(model.clusters(of: Matrix(golden.train)) == golden.labels)
    #expect(abs(model.inertia / golden.inertia - 1) < 1e-12)
  }

  @Test func findsSeparateClouds() throws {
    let drawn = Drawn.clouds(200, features: 8, classes: 5, spread: 6)
    let model = try KMeans(clusters: 5).fit(drawn.features, key: key)
    let clusters = model.clusters(of: drawn.features)
    let pairs = Set(zip(clusters, drawn.labels).map { [$0, $1] })
    #expect(pairs.count == 5)
  }

  @Test func theSameKeyGivesTheSameClusters() throws {
    let features = Drawn.clouds(100, features: 3, classes: 4, spread: 0.5).features
    let first = try KMeans(clusters: 4).fit(features, key: key)
    #expect(first == (try KMeans(clusters: 4).fit(features, key: key)))
    var single = KMeans(clusters: 4)
    single.restarts = 1
    let starts = try (0..<20).map { seed in
      try single.fit(features, key: RandomKey(seed: UInt64(seed))).inertia
    }
    #expect(Set(starts).count > 1)
  }

  @Test func moreRestartsAreNeverWorse() throws {
    let features = Drawn.clouds(150, features: 2, classes: 6, spread: 1).features
    var learner = KMeans(clusters: 6)
    var last = Double.infinity
    for restarts in [1, 3, 10, 30] {
      learner.restarts = restarts
      let inertia = try learner.fit(features, key: key).inertia
      #expect(inertia <= last)
      last = inertia
    }
  }

  @Test func theLastStepIsAFixedPoint() throws {
    let features = Drawn.clouds(120, features: 3, classes: 3, spread: 1).features
    let model = try KMeans(clusters: 3).fit(features, key: key)
    let clusters = model.clusters(of: features)
    var inertia = 0.0
    for cluster in 0..<3 {
      let rows = clusters.indices.filter { clusters[$0] == cluster }
      let members = features.selecting(rows: rows)
      #expect(largestDifference(members.columnMeans, Array(model.centroids.row(cluster))) < 1e-12)
      inertia += members.centred.frobeniusNorm * members.centred.frobeniusNorm
    }
    #expect(abs(model.inertia - inertia) < 1e-9)
  }

  /// The third centroid starts where no sample is nearest: it takes the farthest sample.
  @Test func anEmptyClusterTakesTheFarthestSample() throws {
    let features = Matrix<Double>([[0], [1], [2], [10], [11], [30]])
    let model = try KMeans(clusters: 3).fit(
      features, initial: Matrix([[1], [12], [1000]]), key: key)
    #expect(model.clusters(of: features) == [0, 0, 0, 1, 1, 2])
    #expect(model.inertia == 2.5)
  }

  @Test func moreClustersThanSamplesLeaveNothingOver() throws {
    let features = Matrix<Double>([[1, 2], [3, 4], [1, 2]])
    let model = try KMeans(clusters: 5).fit(features, key: key)
    #expect(model.inertia == 0)
    #expect(model.centroids.rows == 5)
    #expect(model.centroids.isFinite)
    let single = try KMeans(clusters: 1).fit(Matrix([[4, 5]]), key: key)
    #expect(single.centroids == Matrix([[4, 5]]))
  }

  @Test func whatCannotBeClusteredIsRefused() {
    #expect(throws: LearnerError.noSamples) {
      try KMeans(clusters: 2).fit(Matrix(rows: 0, columns: 2), key: key)
    }
    #expect(throws: LearnerError.notFinite) {
      try KMeans(clusters: 2).fit(Matrix([[1], [.nan]]), key: key)
    }
  }
}
