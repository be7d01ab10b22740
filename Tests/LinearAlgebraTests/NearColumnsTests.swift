import LinearAlgebra
import Testing

struct NearColumnsTests {
  @Test(arguments: [1, 2, 3, 7, 16], [1, 16, 37])
  func nearestOfFewIsTheLowest(count: Int, width: Int) {
    let samples = Matrix.normal(50, width, 1)
    let points = Matrix.normal(count, width, 2)
    let norms = points.rowSquaredNorms
    let found = samples.nearestOfFew(
      points, offsets: norms, squares: samples.rowSquaredNorms, largest: norms.max() ?? 0,
      slack: 1e-13)
    let distances = samples.squaredDistances(to: points)
    for row in 0..<50 {
      #expect(distances[row, found[row]] == distances.row(row).min())
    }
  }

  @Test func pointsEquallyFarAreInDoubt() {
    let samples = Matrix<Double>([[0, 0], [1, 0], [.nan, 0], [.infinity, 1]])
    let points = Matrix<Double>([[1, 0], [-1, 0], [1, 0.5]])
    let found = samples.nearestOfFew(
      points, offsets: points.rowSquaredNorms, squares: [0, 1, 1, .infinity], largest: 1.25,
      slack: 1e-14)
    #expect(found == [-1, 0, -1, -1])
  }

  @Test func groupsAddUp() {
    let matrix = Matrix<Double>([[1, 2], [3, 4], [5, 6]])
    #expect(matrix.sums(ofGroups: [2, 0, 2], count: 3) == Matrix([[3, 4], [0, 0], [6, 8]]))
  }

  /// Eight rows at a time or one: the sums are those of the plain loop, bit by bit.
  @Test(arguments: [1, 8, 21]) func plainDistancesAreThoseOfTheLoop(rows: Int) {
    let matrix = Matrix.normal(rows, 9, 3)
    let point = Matrix.normal(1, 9, 4).row(0)
    let expected = (0..<rows).map { row in
      zip(matrix.row(row), point).reduce(0.0) { sum, pair in
        let difference = pair.0 - pair.1
        return sum + difference * difference
      }
    }
    #expect(matrix.plainSquaredDistances(to: point) == expected)
  }
}
