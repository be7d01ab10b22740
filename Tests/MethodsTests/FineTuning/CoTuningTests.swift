import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct CoTuningTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    let run = try golden.run()
    let relation = CoTuning.relation(run.sourceProbabilities, golden.shotLabels)
    for (shot, label) in golden.shotLabels.enumerated() {
      #expect(
        zip(relation.row(shot), golden.relation[label]).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    CoTuning().tune(run)
    try golden.expectAgreement(run, "co-tuning")
  }

  /// The source's head, on the tuned features, still says what the shots' classes meant to it.
  @Test func sourceHeadKeepsToTheRelation() throws {
    let problem = TuningProblem()
    func loss(_ tradeOff: Double) throws -> Double {
      var method = CoTuning()
      method.tradeOff = tradeOff
      let run = try problem.run()
      let relation = CoTuning.relation(run.sourceProbabilities, problem.shots.labels)
      method.tune(run)
      let head = run.start.network.backbone.headName
      let weights = run.weights.snapshot
      let network = NetworkClassifier(
        .perceptron, input: run.start.input,
        weights: WeightSnapshot(
          weights.names.filter { !$0.hasPrefix(head) }.compactMap { name in
            weights[name].map { (name.replacing("source.", with: ""), $0) }
          }),
        classes: run.start.classes, classCount: 4)
      let found = network.probabilities(of: problem.shots.features)
      return zip(relation.elements, found.elements).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    #expect(try loss(2.3) < 0.8 * loss(0))
  }
}
