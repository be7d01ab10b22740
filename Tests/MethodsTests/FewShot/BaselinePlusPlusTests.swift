import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct BaselinePlusPlusTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    var method = BaselinePlusPlus()
    method.batch = 12
    let source = try golden.pretrainedSource()
    let head = TuningGolden.pattern([3, 128], seed: 70, fanIn: 128)
    let network = try method.network(on: source, key: RandomKey(seed: 0)) { $0.tensor = head }
    let support = golden.labelledShots
    let embedded = support.with(features: network.features(of: support.features))
    let model = method.tuned(on: embedded, key: RandomKey(seed: 0)) {
      $0.tensor = TuningGolden.pattern([3, 128], seed: 80, fanIn: 128)
    }
    try golden.expectAgreement(
      MappedClassifier(model) { network.features(of: $0) }, "baseline-plus-plus")
  }

  /// Lengths count for nothing: what sets it apart from a linear layer.
  @Test func longerFeaturesChangeNothing() {
    let problem = TuningProblem()
    let model = BaselinePlusPlus().tuned(on: problem.shots, key: RandomKey(seed: 1))
    let found = model.probabilities(of: problem.target.features)
    let longer = model.probabilities(of: problem.target.features * 8)
    #expect((found - longer).elements.allSatisfy { abs($0) < 1e-12 })
    #expect(problem.accuracy(model) > 0.6)
  }

  /// The paper's account of why cosines help: classes vary less within.
  @Test func cosinesOnTheSourceGatherClasses() throws {
    let all = TuningProblem(perClass: 40).source
    let source = all.selecting(rows: Array(0..<100))
    let unseen = all.selecting(rows: Array(100..<160))
    let spreads = try [0, 100].map { steps in
      var method = BaselinePlusPlus()
      method.steps = steps
      let network = try method.network(on: source, key: RandomKey(seed: 0))
      let directions = network.features(of: unseen.features).rowsNormalized
      let within = (0..<4).map { label in
        let rows = unseen.labels.indices.filter { unseen.labels[$0] == label }
        return directions.selecting(rows: rows).columnStandardDeviations.reduce(0) { $0 + $1 * $1 }
      }
      let total = directions.columnStandardDeviations.reduce(0) { $0 + $1 * $1 }
      return within.reduce(0, +) / 4 / total
    }
    #expect(spreads[1] < 0.95 * spreads[0], "\(spreads)")
  }
}
