import Domains
import Foundation
import LinearAlgebra
import Testing

@testable import Methods

@Suite struct MatchingTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    try golden.expectAgreement(golden.classifier(Matching()), "matching")
  }

  /// Cosines 1, 0 and −1 of a query with the support: e, 1 and 1/e of their sum.
  @Test func classesGetTheSharesOfTheirSupport() {
    let support = LabelledSample(
      features: Matrix([[2, 0], [0, 5], [-1, 0]]), labels: [3, 1, 3], classCount: 4)
    let model = MatchingModel(support, scale: 1)
    let found = model.probabilities(of: Matrix([[7, 0]])).row(0)
    let (more, less) = (exp(1.0), exp(-1.0))
    let total = more + 1 + less
    let expected = [0, 1 / total, 0, (more + less) / total]
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    // A steep scale leaves the nearest direction alone.
    let steep = MatchingModel(support, scale: 100).probabilities(of: Matrix([[1, 1.1]]))
    #expect(steep[0, 1] > 0.99)
  }
}
