import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct DiscrepancyProjectionTests {
  private func random(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix<Double> {
    var stream = RandomStream(RandomKey(seed: seed))
    return Matrix(
      rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in stream.normal() })
  }

  @Test func agreesWithTheGeneralisedEigenproblem() throws {
    let rows = random(40, 9, 1)
    let differences = random(40, 4, 2)
    let regularization = 0.3
    let found = try DiscrepancyProjection(rows, regularization: regularization, components: 3)
      .directions(lessening: differences)
    let discrepancy = differences.outerGram * (1 / differences.outerGram.frobeniusNorm)
    let metric = (rows.multiplied(by: discrepancy, transposingSelf: true) * rows)
      .adding(diagonal: regularization)
    let eigen = try rows.centred.gram.symmetricEigen(relativeTo: metric, .largest(3))
    let expected = eigen.vectors.transposed.rowsNormalized.transposed
    #expect(relativeDifference(withSigns(of: expected, found), expected) < 1e-9)
  }

  /// A discrepancy of 1e20 times λ: the Cholesky factor of the metric would fail.
  @Test func hugeDiscrepancyGivesDirectionsAcrossIt() throws {
    let rows = random(30, 6, 3).adding(row: [1e10, 0, 0, 0, 0, 0])
    var differences = Matrix<Double>(rows: 30, columns: 1)
    for row in 0..<30 { differences[row, 0] = row < 15 ? 1 / 15.0 : 0 }
    let found = try DiscrepancyProjection(rows, regularization: 1e-9, components: 2)
      .directions(lessening: differences)
    #expect(found.isFinite)
    #expect(found.row(0).allSatisfy { abs($0) < 1e-9 })
  }

  @Test func noDifferenceLeavesPrincipalDirections() throws {
    let rows = random(30, 5, 4)
    let found = try DiscrepancyProjection(rows, regularization: 1, components: 2)
      .directions(lessening: Matrix(rows: 30, columns: 1))
    let expected = try rows.centred.gram.symmetricEigen(.largest(2)).vectors
    #expect(relativeDifference(withSigns(of: expected, found), expected) < 1e-9)
  }
}
