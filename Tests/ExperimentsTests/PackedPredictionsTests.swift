import Foundation
import Randomness
import Testing

@testable import Experiments

struct PackedPredictionsTests {
  /// Rows of softmax of random scores, certain ones among them.
  private func probabilities(rows: Int, columns: Int) -> [Double] {
    var stream = RandomStream(RandomKey(seed: 3).child("columns", columns))
    return (0..<rows).flatMap { row -> [Double] in
      let spread = [0.1, 1, 10, 300, 2_000][row % 5]
      let scores = (0..<columns).map { _ in exp(-spread * stream.uniform()) }
      let sum = scores.reduce(0, +)
      return scores.map { sum > 0 ? $0 / sum : 1 / Double(columns) }
    }
  }

  @Test(arguments: [1, 2, 3, 10])
  func everyBitComesBack(columns: Int) throws {
    let values = probabilities(rows: 500, columns: columns)
    let data = PackedPredictions.data(probabilities: values, rowCount: 500)
    let back = try #require(PackedPredictions.probabilities(data, rowCount: 500))
    #expect(back.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func numbersThatAreNoProbabilitiesComeBackToo() throws {
    let values = [0.0, 1, -0.0, 1, .nan, .infinity, -1, 1e300, .leastNonzeroMagnitude, 1 - 5e-17]
    let data = PackedPredictions.data(probabilities: values, rowCount: 5)
    let back = try #require(PackedPredictions.probabilities(data, rowCount: 5))
    #expect(back.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(PackedPredictions.probabilities(Data(), rowCount: 3) == [])
  }

  @Test func twoClassesTakeLittleMoreThanOneNumber() {
    let values = probabilities(rows: 300, columns: 2)
    let data = PackedPredictions.data(probabilities: values, rowCount: 300)
    #expect(data.count < 300 * 13)
  }

  @Test func rowsComeBackInAnyOrder() {
    for rows: [Int32] in [[], [0, 1, 2, 300], [5, 3, -1], [.max, .min, 0]] {
      #expect(PackedPredictions.rows(PackedPredictions.data(rows: rows)) == rows)
    }
    #expect(PackedPredictions.data(rows: Array(0..<300)).count == 300)
  }

  @Test func bytesThatAreNoPredictionsAreNil() {
    let data = PackedPredictions.data(
      probabilities: probabilities(rows: 4, columns: 3), rowCount: 4)
    for length in 1..<data.count {
      #expect(PackedPredictions.probabilities(data.prefix(length), rowCount: 4) == nil)
    }
    #expect(PackedPredictions.probabilities(data, rowCount: 3) == nil)
    #expect(PackedPredictions.probabilities(Data([0x80]), rowCount: 1) == nil)
    #expect(PackedPredictions.rows(Data([0xFF, 0xFF])) == nil)
    #expect(PackedPredictions.rows(Data(repeating: 0xFF, count: 12)) == nil)
  }
}
