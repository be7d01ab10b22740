import Foundation
import LinearAlgebra
import Testing

struct LogisticLossesTests {
  /// Widths and classes on all sides of what the loops take at once.
  @Test(arguments: [1, 3, 4, 10, 17], [1, 9, 64, 131])
  func agreeWithThePlainSums(logits: Int, width: Int) {
    let rows = 45
    let features = Matrix.normal(rows, width, 1)
    let point = Matrix.normal(logits, width + 1, 2).elements
    let offsets = (0..<logits).map { 0.1 * Double($0) }
    let classes = max(logits, 2)
    let labels = (0..<rows).map { $0 % classes }
    let shares = (0..<rows).map { 0.5 + Double($0 % 3) }
    var value = 0.0
    var slopes = [Double](repeating: 0, count: logits * (width + 1))
    for row in 0..<rows {
      var scores = offsets
      for logit in 0..<logits {
        for column in 0..<width {
          scores[logit] += features[row, column] * point[logit * width + column]
        }
      }
      if logits == 1 { scores = [0, scores[0]] }
      let sum = scores.reduce(0) { $0 + exp($1) }
      value += shares[row] * (log(sum) - scores[labels[row]])
      for logit in 0..<logits {
        let label = logits == 1 ? 1 : logit
        let slope =
          shares[row] * (exp(scores[label]) / sum - (labels[row] == label ? 1 : 0))
        for column in 0..<width { slopes[logit * width + column] += slope * features[row, column] }
        slopes[logits * width + logit] += slope
      }
    }
    var found = [Double](repeating: .nan, count: slopes.count)
    let sum = features.logisticLosses(
      at: point, offsets: offsets, labels: labels, shares: shares, slopes: &found)
    #expect(abs(sum - value) < 1e-12 * abs(value))
    for (left, right) in zip(found, slopes) { #expect(abs(left - right) < 1e-11) }
  }

  /// Logits of a thousand neither overflow nor lose the loss.
  @Test(arguments: [1, 3]) func largeLogitsStayFinite(logits: Int) {
    let features = Matrix<Double>([[1000], [-1000]])
    var slopes = [Double](repeating: 0, count: 2 * logits)
    let point = logits == 1 ? [1.0] : [0, 1, -1]
    let value = features.logisticLosses(
      at: point, offsets: Array(repeating: 0, count: logits), labels: [1, 1], shares: [1, 1],
      slopes: &slopes)
    #expect(value == (logits == 1 ? 1000 : 2000))
    #expect(slopes.allSatisfy { $0.isFinite })
  }

  @Test func standardizesAndMeasuresDeviations() {
    let matrix = Matrix<Double>([[1, 10], [3, 30]])
    #expect(
      matrix.standardized(centre: [2, 10], factors: [3, 0.1]) == Matrix([[-3, 0], [3, 2]]))
    #expect(matrix.squaredDeviations(from: [2, 10], weights: [1, 0.5]) == [1.5, 200])
  }

  @Test func roundedRowsHaveTheirExactNorms() {
    let matrix = Matrix<Double>([[9, 9], [1, 2 + 1e-12], [3, 4]])
    let found = matrix.rounded(rows: 1..<3, centre: [1, 1], factor: 2)
    #expect(found.values == Matrix<Float>([[0, 2], [4, 6]]))
    #expect(abs(found.squaredNorms[0] - 4 - 8e-12) < 1e-14 && found.squaredNorms[1] == 52)
  }
}
