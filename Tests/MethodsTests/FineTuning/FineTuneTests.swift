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
    let scratch = try LearnerChoice.network(.perceptron).fit(problem.shots, key: key)
    #expect(problem.accuracy(tuned) > problem.accuracy(scratch) + 0.03)
  }

  /// Columns that hardly vary in the source and do in the target, such as pixels at the border.
  @Test func columnsOnlyTheTargetFillDoNoHarm() throws {
    let problem = TuningProblem()
    func bordered(_ sample: LabelledSample, _ size: Double) -> LabelledSample {
      var stream = RandomStream(RandomKey(seed: 3))
      let border = Matrix(
        rows: sample.count, columns: 100,
        elements: (0..<100 * sample.count).map { _ in size * stream.uniform() })
      return sample.with(features: sample.features.appending(columns: border))
    }
    let (source, shots, target) = (
      bordered(problem.source, 1e-4), bordered(problem.shots, 1), bordered(problem.target, 1)
    )
    let methods: [any InductiveMethod] = [
      FineTune(), FeatureMapAttention(), LowRankAdaptation(), SpectralShrinkage(),
    ]
    for method in methods {
      let model = try method.fit(
        source: source, shots: shots, unlabelled: target.unlabelled, key: RandomKey(seed: 1))
      let probabilities = model.probabilities(of: target.features)
      #expect(probabilities.isFinite, "\(type(of: method))")
    }
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
