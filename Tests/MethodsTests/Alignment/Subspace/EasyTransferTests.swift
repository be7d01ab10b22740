import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct EasyTransferTests {
  /// Without alignment and with every class met it is the nearest class mean.
  @Test func isTheNearestMeanWhereNoClassIsEmpty() throws {
    let golden = try MappingsGolden.read()
    let target = UnlabelledSample(features: golden.source.matrix * 0.9)
    var method = EasyTransfer()
    method.alignment = .none
    let model = try method.fit(
      source: golden.labelledSource, target: target, key: RandomKey(seed: 0))
    let plain = try LearnerChoice.nearestMean.fit(
      golden.labelledSource, key: RandomKey(seed: 0))
    #expect(
      model.probabilities(of: target.features) == plain.probabilities(of: target.features))
  }

  /// A class that no target sample is nearest to takes the one that costs least.
  @Test func leavesNoClassEmpty() throws {
    let source = LabelledSample(
      features: Matrix([[0, 0], [0, 1], [10, 0], [10, 1]]), labels: [0, 0, 1, 1], classCount: 2)
    let target = UnlabelledSample(features: Matrix([[-2, 0], [1, 0.2], [0, 0.5]]))
    var method = EasyTransfer()
    method.alignment = .none
    let model = try method.fit(source: source, target: target, key: RandomKey(seed: 0))
    let named = Predictions(probabilities: model.probabilities(of: target.features)).classes
    #expect(named == [0, 1, 0])
    // A sample that was not fitted is answered by the means.
    let other = Matrix<Double>([[1, 0.3]])
    #expect(Predictions(probabilities: model.probabilities(of: other)).classes == [0])
  }

  /// With CORAL the means are those of the recoloured source.
  @Test func alignsFirst() throws {
    let golden = try MappingsGolden.read()
    let target = UnlabelledSample(features: golden.target.matrix)
    let model = try EasyTransfer().fit(
      source: golden.labelledSource, target: target, key: RandomKey(seed: 0))
    let coral = try Coral().recolouring(of: golden.source.matrix, as: target.features)(
      golden.source.matrix)
    let plain = try LearnerChoice.nearestMean.fit(
      golden.labelledSource.with(features: coral), key: RandomKey(seed: 0))
    #expect(
      model.probabilities(of: target.features) == plain.probabilities(of: target.features))
  }
}
