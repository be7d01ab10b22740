import Domains
import Foundation
import Learners
import LinearAlgebra
import Networks
import Testing

@testable import Methods

@Suite struct RelationTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    try golden.expectAgreement(
      golden.classifier(Relation(), more: [60, 61, 62, 63]), "relation")
  }

  /// One hidden unit: max(0, c + 2 q − 1), then its half less 1.
  @Test func relationsOfPairs() {
    let weights = WeightSnapshot([
      ("relation.hidden.weight", Tensor([1, 2], [1, 2])),
      ("relation.hidden.bias", Tensor([1], [-1])),
      ("relation.output.weight", Tensor([1, 1], [0.5])),
      ("relation.output.bias", Tensor([1], [-1])),
    ])
    let means = NearestMeanModel(
      means: Matrix([[3], [-9]]), classes: [0, 2], classCount: 3)
    let model = RelationModel(means, weights)
    let relations = model.relations(Matrix([[1], [4]]))
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let expected = [sigmoid(1), sigmoid(-1), sigmoid(4), sigmoid(-1)]
    #expect(zip(relations.elements, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    let found = model.probabilities(of: Matrix([[1]])).row(0)
    #expect(abs(found[0] - sigmoid(1)) < 1e-12 && found[1] == 0)
  }
}
