import Learners
import LinearAlgebra
import Randomness
import Testing

struct NeighbourSearchTests {
  /// The double loop that the search must equal.
  private func bruteForce(
    _ points: Matrix<Double>, _ count: Int, _ samples: Matrix<Double>
  ) -> [[NeighbourSearch.Neighbour]] {
    (0..<samples.rows).map { row in
      let distances = (0..<points.rows).map { point in
        var sum = 0.0
        for column in 0..<points.columns {
          let difference = samples[row, column] - points[point, column]
          sum += difference * difference
        }
        return NeighbourSearch.Neighbour(index: point, squaredDistance: sum)
      }
      let order = distances.sorted {
        ($0.squaredDistance, $0.index) < ($1.squaredDistance, $1.index)
      }
      return Array(order.prefix(count))
    }
  }

  @Test(arguments: [1, 2, 5, 40], [1, 3, 30])
  func equalsTheDoubleLoopOnWholeNumbers(count: Int, width: Int) {
    let points = Drawn.lattice(150, features: width, classes: 2, seed: 1).features
    let samples = Drawn.lattice(60, features: width, classes: 2, seed: 2).features
    let found = NeighbourSearch(points: points).nearest(count, to: samples)
    #expect(found == bruteForce(points, count, samples))
  }

  /// Equal true distances whose sums round differently, far from the origin.
  @Test(arguments: [1, 4]) func equalsTheDoubleLoopWhereRoundingDecides(count: Int) {
    let lattice = Drawn.lattice(200, features: 7, classes: 2, seed: 3)
    let offset: [Double] = [1e6, -3e5, 0.1, 1 / 3, 1e4, 7, -1e6]
    let points = (lattice.features * 0.1).adding(row: offset)
    let samples = points.selecting(rows: Array(0..<50)).appending(
      rows: (Drawn.lattice(50, features: 7, classes: 2, seed: 4).features * 0.1)
        .adding(row: offset))
    let found = NeighbourSearch(points: points).nearest(count, to: samples)
    #expect(found == bruteForce(points, count, samples))
  }

  @Test func equalsTheDoubleLoopOnRealNumbers() {
    let drawn = Drawn.clouds(300, features: 20, classes: 3)
    let points = drawn.features.selecting(rows: Array(0..<200))
    let samples = drawn.features.selecting(rows: Array(200..<300))
    let found = NeighbourSearch(points: points).nearest(3, to: samples)
    #expect(found == bruteForce(points, 3, samples))
  }

  /// Groups of points so narrow beside their distance that single precision can't tell them apart, of every
  /// size that a double has.
  @Test(arguments: [1e-200, 1e-3, 1, 1e30, 1e140], [1, 3])
  func equalsTheDoubleLoopWhereSinglePrecisionFails(size: Double, count: Int) {
    let drawn = Drawn.clouds(300, features: 6, classes: 2)
    var features = drawn.features * 1e-4
    for row in 0..<300 { features[row, 0] += drawn.labels[row] == 0 ? -1 : 1 }
    features = features * size
    let points = features.selecting(rows: Array(0..<200))
    let samples = features.selecting(rows: Array(200..<300))
    let search = NeighbourSearch(points: points)
    let expected = bruteForce(points, count, samples)
    #expect(search.nearest(count, to: samples) == expected)
    #expect(search.nearest(to: samples) == expected.map { $0[0].index })
  }

  @Test func blocksChangeNothing() {
    let points = Drawn.lattice(40, features: 3, classes: 2, seed: 5).features
    let samples = Drawn.lattice(1200, features: 3, classes: 2, seed: 6).features
    let found = NeighbourSearch(points: points).nearest(2, to: samples)
    #expect(found == bruteForce(points, 2, samples))
  }

  @Test func equalPointsAnswerWithTheLowestIndex() {
    let search = NeighbourSearch(points: Matrix(rows: 9, columns: 4, repeating: 0.1))
    let sample = Matrix<Double>(rows: 1, columns: 4, repeating: 0.7)
    #expect(search.nearest(to: sample) == [0])
    #expect(search.nearest(4, to: sample)[0].map(\.index) == [0, 1, 2, 3])
  }

  @Test func extremesDoNotTrap() {
    let points = Matrix<Double>([[1e200, 0], [-1e200, 0], [0, 1]])
    let search = NeighbourSearch(points: points)
    #expect(search.nearest(to: Matrix([[0, 0]])) == [2])
    #expect(search.nearest(2, to: Matrix([[.nan, 0], [.infinity, 1]])).map(\.count) == [2, 2])
    #expect(NeighbourSearch(points: Matrix([[1]])).nearest(5, to: Matrix([[3]]))[0].count == 1)
    #expect(NeighbourSearch(points: points).nearest(1, to: Matrix(rows: 0, columns: 2)).isEmpty)
  }
}
