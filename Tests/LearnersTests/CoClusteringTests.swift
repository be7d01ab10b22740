import LinearAlgebra
import Testing

@testable import Learners

@Suite struct CoClusteringTests {
  struct Case: Decodable, Sendable {
    let target: GaussianMixtureTests.Values
    let source: GaussianMixtureTests.Values
    let rowStart: [Int]
    let companionStart: [Int]
    let columnStart: [Int]
    let results: [Result]
  }

  struct Result: Decodable, Sendable {
    let weight: Double
    let iterations: Int
    let rows: [Int]
    let companion: [Int]
    let columns: [Int]
    let losses: [Double]
  }

  /// The steps are those of Dai et al., by their divergences in plain loops.
  @Test func agreesWithNumPy() throws {
    let given = try #require(GoldenFile<Case>.cases("co-clustering").first)
    func part(_ values: GaussianMixtureTests.Values, _ weight: Double, _ clusters: [Int])
      -> CoClustering.Part
    {
      let table = values.matrix
      return CoClustering.Part(
        table * (1 / table.elements.reduce(0, +)), weight: weight, clusterCount: 3,
        clusters: clusters)
    }
    #expect(given.results.count == 2)
    for expected in given.results {
      var algorithm = CoClustering(clusters: 3)
      algorithm.iterations = expected.iterations
      let found = algorithm.improve(
        part(given.target, 1, given.rowStart),
        part(given.source, expected.weight, given.companionStart), given.columnStart, 5)
      #expect(found.first.clusters == expected.rows)
      #expect(found.other?.clusters == expected.companion)
      #expect(found.features == expected.columns)
      let losses =
        found.objectives
        + Array(
          repeating: found.objectives.last ?? 0,
          count: expected.losses.count - found.objectives.count)
      #expect(largestDifference(losses, expected.losses) < 1e-12)
    }
  }

  /// Each iteration lowers the loss or leaves it.
  @Test func lossNeverGrows() throws {
    let drawn = Drawn.clouds(120, features: 30, classes: 3, spread: 1)
    let other = Drawn.clouds(150, features: 30, classes: 4, spread: 1, seed: 2)
    let model = try CoClustering(clusters: 4).fit(
      drawn.features, companion: CoClustering.Companion(other.features, weight: 0.7), key: key)
    #expect(model.objectives.count > 2)
    #expect(zip(model.objectives, model.objectives.dropFirst()).allSatisfy { $1 <= $0 + 1e-12 })
  }

  /// Rows that use other columns are told apart, whatever their sums.
  @Test func findsBlocks() throws {
    var rows = Matrix<Double>(rows: 12, columns: 8)
    for row in 0..<12 {
      for column in 0..<8 {
        let rate = row % 2 == column / 4 ? 5.0 : 0.5
        rows[row, column] = rate * Double(1 + row)
      }
    }
    let clusters = try CoClustering(clusters: 2).fit(rows, key: key)
      .clusters(of: rows)
    #expect((0..<12).allSatisfy { clusters[$0] == clusters[$0 % 2] })
    #expect(clusters[0] != clusters[1])
  }
}
