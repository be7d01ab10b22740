import Foundation
import LinearAlgebra
import Testing

struct EntropyTests {
  /// Entries from 0 over the smallest numbers to large ones, in more than one block of lanes.
  private let from: Matrix<Double>
  private let to: Matrix<Double>

  init() {
    var (from, to) = (Matrix<Double>(rows: 5, columns: 9), Matrix<Double>(rows: 5, columns: 9))
    for index in 0..<45 {
      let power = Double(index * 14 % 330 - 320)
      from.elements[index] = index % 7 == 0 ? 0 : pow(10, power)
      to.elements[index] = Double(index * 11 % 17)
    }
    self.from = from
    self.to = to
  }

  @Test(arguments: [0, 0.3, 1]) func entropyIsThatOfTheLogarithms(length: Double) {
    var expected = 0.0
    for index in 0..<45 {
      let (start, end) = (from.elements[index], to.elements[index])
      let entry = start + length * (end - start)
      if entry > 0 { expected += entry * log(entry) }
    }
    #expect(abs(from.entropy(towards: to, length) - expected) <= 1e-13 * abs(expected))
  }

  @Test func logarithmsAreThoseOfTheLibrary() {
    let entries = [1e-300, 1e-9, 0.5, 0.7071, 0.9999999, 1, 1.0000001, 1.4142, 2, 3.7, 1e10, 1e300]
    for entry in entries {
      let single = Matrix<Double>(rows: 1, columns: 1, repeating: entry)
      let found = single.entropy(towards: Matrix<Double>(rows: 1, columns: 1), 0)
      let expected = entry * log(entry)
      #expect(abs(found - expected) <= 6e-16 * abs(expected))
    }
  }

  @Test func slopeIsTheDerivative() {
    let positive = from.map { max($0, 1e-3) }
    var expected = 0.0
    for index in 0..<45 {
      expected += (to.elements[index] - positive.elements[index]) * log(positive.elements[index])
    }
    #expect(abs(positive.entropySlope(towards: to) - expected) <= 1e-13 * abs(expected))
    let zeros = Matrix<Double>(rows: 2, columns: 2)
    #expect(zeros.entropySlope(towards: .identity(2)) == 0)
  }

  @Test func productsAddUpInGroups() {
    let left = Matrix<Double>([[1, 2], [3, 4], [5, 6]])
    let right = Matrix<Double>([[2, 1], [1, 1], [0, 1]])
    let sums = left.productSums(with: right, ofGroups: [1, 0, 1], count: 3)
    #expect(sums == Matrix<Double>([[3, 4], [2, 8], [0, 0]]))
  }
}
