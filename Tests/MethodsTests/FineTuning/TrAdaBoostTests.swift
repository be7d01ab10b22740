import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TrAdaBoostTests {
  /// The algorithm written out in Python, with scikit-learn's logistic regression.
  @Test func agreesWithScikitLearn() throws {
    let golden = try ReweightingGolden.read()
    for expected in golden.tradaboost {
      var method = TrAdaBoost()
      method.rounds = expected.rounds
      let model = try method.fit(
        source: LabelledSample(
          features: expected.source.matrix, labels: expected.labels,
          classCount: expected.classCount),
        shots: LabelledSample(
          features: expected.shots.matrix, labels: expected.shotLabels,
          classCount: expected.classCount),
        unlabelled: UnlabelledSample(features: expected.target.matrix), key: RandomKey(seed: 0))
      let found = model.probabilities(of: expected.target.matrix)
      let difference = relativeDifference(found, expected.probabilities.matrix)
      #expect(difference < 1e-6, "\(expected.classCount) classes")
    }
    // Rounds err on the shots, so that their votes differ.
    #expect(golden.tradaboost.allSatisfy { $0.errors.contains { $0 > 0.05 } })
  }

  /// Two in five wrong labels in the source don't carry over.
  @Test func wrongSourceLabelsAreOutvoted() throws {
    let source = Problem.sample(
      classes: 2, dimensions: 4, perClass: 40, shift: 0, key: RandomKey(seed: 1))
    let noisy = LabelledSample(
      features: source.features,
      labels: source.labels.enumerated().map { $0 % 5 < 2 ? 1 - $1 : $1 }, classCount: 2)
    let shots = Problem.sample(
      classes: 2, dimensions: 4, perClass: 10, shift: 0, key: RandomKey(seed: 2))
    let model = try TrAdaBoost().fit(
      source: noisy, shots: shots, unlabelled: shots.unlabelled, key: RandomKey(seed: 0))
    let classes = Predictions(probabilities: model.probabilities(of: source.features)).classes
    #expect(zip(classes, source.labels).count { $0 == $1 } > 70)
  }
}
