import Foundation
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

  /// With 9 columns the scatter is kept; with 40, or with scales, it is made for each problem.
  @Test(arguments: [(9, false), (9, true), (40, false), (40, true)])
  func agreesWithTheGeneralisedEigenproblem(columns: Int, scaled: Bool) throws {
    let plain = random(40, columns, 1)
    let scales = scaled ? (0..<columns).map { 0.5 + Double($0) / 10 } : nil
    let rows = scales.map { plain.scaled(columns: $0) } ?? plain
    let differences = random(40, 4, 2)
    let regularization = 0.3
    let projection = DiscrepancyProjection(
      plain, scales: scales, regularization: regularization, components: 3)
    let found = try projection.directions(lessening: differences)
    #expect(try projection.directions(lessening: differences) == found)
    let discrepancy = differences.outerGram * (1 / differences.outerGram.frobeniusNorm)
    let metric = (rows.multiplied(by: discrepancy, transposingSelf: true) * rows)
      .adding(diagonal: regularization)
    let eigen = try rows.centred.gram.symmetricEigen(relativeTo: metric, .largest(3))
    let expected = eigen.vectors.transposed.rowsNormalized.transposed
    #expect(relativeDifference(withSigns(of: expected, found), expected) < 1e-9)
  }

  /// Few vectors of 1,100: by products with P, with and without scales, as from the whole problem.
  @Test(arguments: [false, true]) func productsFindWhatTheWholeProblemHas(scaled: Bool) throws {
    let (count, order, wanted) = (150, 1100, 3)
    let decay = (0..<order).map { pow(0.98, Double($0)) }
    let plain = random(count, order, 5).scaled(columns: decay)
    let scales = scaled ? (0..<order).map { 1 + Double($0 % 5) / 10 } : nil
    let rows = scales.map { plain.scaled(columns: $0) } ?? plain
    let differences = random(count, 2, 6)
    let found = try DiscrepancyProjection(
      plain, scales: scales, regularization: 0.3, components: wanted
    ).directions(lessening: differences)
    // In the span of the rows the problem has the order 150.
    let span = try rows.singularValues()
    let narrow = try DiscrepancyProjection(
      rows * span.right, regularization: 0.3, components: wanted
    ).directions(lessening: differences)
    let expected = span.right * narrow
    #expect(relativeDifference(withSigns(of: expected, found), expected) < 1e-8)
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
