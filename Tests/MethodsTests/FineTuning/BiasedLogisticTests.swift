import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct BiasedLogisticTests {
  /// Up to the tolerance of the two solvers, which end at a gradient of 1e-6.
  @Test func agreesWithAQuasiNewtonSolution() throws {
    let golden = try Golden.read()
    for expected in golden.biasedLogistic {
      var method = BiasedLogistic()
      method.strength = expected.strength
      let found = try method.fit(
        source: golden.labelledSource, shots: golden.labelledShots,
        unlabelled: UnlabelledSample(features: golden.target.matrix), key: RandomKey(seed: 0)
      ).probabilities(of: golden.target.matrix)
      let difference = relativeDifference(found, expected.probabilities.matrix)
      #expect(difference < 1e-4, "\(expected.strength)")
    }
  }

  /// The strongest pull gives the source's own classifier.
  @Test func strongPullKeepsTheSource() throws {
    let golden = try Golden.read()
    var method = BiasedLogistic()
    method.strength = 1e4
    let target = golden.target.matrix
    let key = RandomKey(seed: 0)
    let found = try method.fit(
      source: golden.labelledSource, shots: golden.labelledShots,
      unlabelled: UnlabelledSample(features: target), key: key
    ).probabilities(of: target)
    let source = try SourceOnly().fit(
      source: golden.labelledSource, target: UnlabelledSample(features: target), key: key
    ).probabilities(of: target)
    #expect((found - source).elements.allSatisfy { abs($0) < 0.01 })
  }

  /// A class that the shots don't show keeps a probability: the source knows it.
  @Test func classWithoutShotsCanBeNamed() throws {
    let golden = try Golden.read()
    let kept = golden.shotLabels.indices.filter { golden.shotLabels[$0] != 2 }
    let model = try BiasedLogistic().fit(
      source: golden.labelledSource, shots: golden.labelledShots.selecting(rows: kept),
      unlabelled: UnlabelledSample(features: golden.target.matrix), key: RandomKey(seed: 0))
    let classes = Predictions(
      probabilities: model.probabilities(of: golden.labelledSource.features)
    ).classes
    let members = golden.labels.indices.filter { golden.labels[$0] == 2 }
    #expect(members.count { classes[$0] == 2 } > members.count / 2)
  }
}
