import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

@Suite struct FineTuneTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try TuningGolden.read()
    var run = try golden.run()
    FineTune().tune(run)
    try golden.expectAgreement(run, "fine-tune")
    var method = FineTune()
    method.frozenLayers = 1
    run = try golden.run()
    method.tune(run)
    try golden.expectAgreement(run, "fine-tune, frozen")
  }

  /// Neither by training nor by the statistics of a normalisation.
  @Test(arguments: [NetworkChoice.perceptron, .normalizedPerceptron])
  func frozenBlocksKeepEveryBit(_ network: NetworkChoice) throws {
    let problem = TuningProblem()
    var method = FineTune()
    for frozen in 0...3 {
      method.frozenLayers = frozen
      let run = try problem.run(network)
      let blocks = run.blocks.map { $0.weights.map(\.name) }
      #expect(blocks.count == 2)
      method.tune(run)
      #expect(run.changed == blocks.dropFirst(frozen).flatMap { $0 })
    }
  }

  @Test func sourceHelpsWhereShotsAreFew() throws {
    let problem = TuningProblem(shots: 2)
    let key = RandomKey(seed: 4)
    let tuned = try FineTune().fit(
      source: problem.source, shots: problem.shots, unlabelled: problem.target.unlabelled, key: key)
    let scratch = try LearnerChoice.perceptron.fit(problem.shots, key: key)
    #expect(problem.accuracy(tuned) > problem.accuracy(scratch) + 0.03)
  }

  /// A head that begins as the source's gives the source's probabilities before it is tuned.
  @Test func keptHeadBeginsAsTheSources() throws {
    let problem = TuningProblem()
    let run = try problem.run(head: .source)
    #expect(
      run.classifier.probabilities(of: problem.target.features)
        == run.start.probabilities(of: problem.target.features))
    let fresh = try problem.run()
    #expect(fresh.weights["\(fresh.headName).weight"] != nil && fresh.changed.isEmpty)
  }

  /// The network is the source's, whoever asks for it first.
  @Test func pretrainedNetworkDependsOnTheSourceAlone() throws {
    let problem = TuningProblem()
    let other = LabelledSample(
      features: problem.source.features, labels: problem.source.labels, classCount: 4)
    #expect(
      try problem.source.pretrained(.perceptron).weights == other.pretrained(.perceptron).weights)
    let key = RandomKey(seed: 8)
    func answer(_ source: LabelledSample) throws -> Matrix<Double> {
      try FineTune().fit(
        source: source, shots: problem.shots, unlabelled: problem.target.unlabelled, key: key
      ).probabilities(of: problem.target.features)
    }
    _ = try StartingPoint().fit(
      source: problem.source, shots: problem.shots, unlabelled: problem.target.unlabelled, key: key)
    let alone = LabelledSample(
      features: problem.source.features, labels: problem.source.labels, classCount: 4)
    #expect(try answer(problem.source) == answer(alone))
  }
}
