import LinearAlgebra
import Randomness
import Testing

@testable import Learners

@Suite struct DiscriminativeKMeansTests {
  /// Projectors on the discriminants, from SciPy, and without a companion from scikit-learn.
  struct Case: Decodable, Sendable {
    let source: GaussianMixtureTests.Values
    let target: GaussianMixtureTests.Values
    let sourceClusters: [Int]
    let targetClusters: [Int]
    let directions: [Directions]
  }

  struct Directions: Decodable, Sendable {
    let weight: Double
    let ridge: Double
    let projector: GaussianMixtureTests.Values
  }

  @Test func directionsAgreeWithSciPy() throws {
    let given = try #require(GoldenFile<Case>.cases("discriminant").first)
    #expect(given.directions.count == 3)
    for expected in given.directions {
      var algorithm = DiscriminativeKMeans(clusters: 3)
      algorithm.ridge = expected.ridge
      let found = try algorithm.directions(
        given.target.matrix, given.targetClusters,
        expected.weight > 0
          ? (given.source.matrix, given.sourceClusters, expected.weight) : nil)
      let basis = try found.singularValues().left
      #expect(largestDifference(basis.outerGram, expected.projector.matrix) < 1e-8)
    }
  }

  /// Clusters along a column of little variance, among columns of much.
  static func flat(_ count: Int, seed: UInt64) -> (features: Matrix<Double>, clusters: [Int]) {
    var stream = RandomStream(RandomKey(seed: seed).child("flat"))
    let clusters = (0..<count).map { $0 % 2 }
    let rows = clusters.map { cluster in
      [cluster == 0 ? -2.0 : 2] + [0] + (0..<4).map { _ in 1.5 * stream.normal() }
    }
    let features = Matrix(rows.map { row in row.map { $0 + 0.3 * stream.normal() } })
    return (features, clusters)
  }

  @Test func directionsLeaveOutTheNoise() throws {
    let drawn = Self.flat(200, seed: 0)
    let model = try DiscriminativeKMeans(clusters: 2).fit(drawn.features, key: key)
    let found = model.clusters(of: Self.flat(50, seed: 1).features)
    #expect(found.indices.allSatisfy { found[$0] == found[$0 % 2] } && found[0] != found[1])
    let direction = model.directions.column(0).map(abs)
    #expect(direction[0] > 5 * (direction.dropFirst(2).max() ?? .infinity))
  }

  /// A companion that counts for nothing changes nothing.
  @Test func companionOfNoWeightIsIgnored() throws {
    let (drawn, other) = (Self.flat(60, seed: 0), Self.flat(60, seed: 1))
    let algorithm = DiscriminativeKMeans(clusters: 2)
    let companion = DiscriminativeKMeans.Companion(
      features: other.features, clusters: other.clusters, weight: 0)
    #expect(
      try algorithm.fit(drawn.features, companion: companion, key: key)
        == algorithm.fit(drawn.features, key: key))
  }

  @Test func equalSamplesHaveAClustering() throws {
    let model = try DiscriminativeKMeans(clusters: 2)
      .fit(Matrix(rows: 5, columns: 3, repeating: 1), key: key)
    #expect(model.clusters(of: Matrix([[1, 1, 1], [0, 0, 0]])).count == 2)
  }
}
