import LinearAlgebra
import Randomness
import Testing

@testable import Learners

@Suite struct BlockLanczosTests {
  /// Diagonal matrices, whose eigenvectors are known: one with a value that stands four times.
  @Test func findsTheLeadingOnesOfADiagonal() throws {
    var stream = RandomStream(RandomKey(seed: 2))
    var entries = (0..<900).map { _ in 0.4 * stream.uniform() }
    for place in [7, 100, 101, 650] { entries[place] = 1 }
    entries[300] = 0.95
    let found = try #require(
      try BlockLanczos(order: 900) { $0.scaled(rows: entries) }.leading(5))
    #expect(found.columns == 5)
    for row in 0..<900 {
      let weight = found.row(row).reduce(0) { $0 + $1 * $1 }
      let expected = entries[row] >= 0.95 ? 1.0 : 0
      #expect(abs(weight - expected) < 1e-10)
    }
    #expect(abs(abs(found[300, 4]) - 1) < 1e-10)
  }

  /// A matrix of rank two leaves nothing for a second block.
  @Test func endsWhereNoDirectionIsLeft() throws {
    var entries = [Double](repeating: 0, count: 400)
    (entries[3], entries[9]) = (1, 0.5)
    let found = try BlockLanczos(order: 400) { $0.scaled(rows: entries) }.leading(2)
    let vectors = try #require(found)
    #expect(abs(abs(vectors[3, 0]) - 1) < 1e-12)
    #expect(abs(abs(vectors[9, 1]) - 1) < 1e-12)
  }

  @Test func leadingPairsOfAMatrixHaveItsValues() throws {
    var stream = RandomStream(RandomKey(seed: 4))
    let entries = (0..<1000).map { 1e5 * (0.3 * stream.uniform() + ($0 < 4 ? 1 + Double($0) : 0)) }
    var matrix = Matrix<Double>(rows: 1000, columns: 1000)
    for (place, entry) in entries.enumerated() { matrix[place, place] = entry }
    let found = try #require(try BlockLanczos.leading(4, of: matrix))
    for place in 0..<4 {
      #expect(abs(found.values[place] / entries[3 - place] - 1) < 1e-12)
      #expect(abs(abs(found.vectors[3 - place, place]) - 1) < 1e-12)
    }
    let many = try BlockLanczos.leading(80, of: matrix)
    #expect(many?.values == nil)
  }

  @Test func saysWhereItNeedsTooManyColumns() throws {
    let entries = (0..<200).map { 1 - Double($0) * 1e-6 }
    #expect(try BlockLanczos(order: 200) { $0.scaled(rows: entries) }.leading(4) == nil)
  }
}
