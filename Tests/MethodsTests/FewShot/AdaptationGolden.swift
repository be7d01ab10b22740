import Domains
import Foundation
import Learners
import LinearAlgebra
import Randomness
import TestSupport
import Testing

@testable import Methods

/// The values that Scripts/golden/adaptation.py recorded.
struct AdaptationGolden: Decodable {
  /// Methods on given features.
  struct Features: Decodable {
    let shots: [[Double]]
    let shotLabels: [Int]
    let samples: [[Double]]
    let queries: [[Double]]
    let strength: Double
    let neighbours: Int
    let updates: Int
    let assignments: [[Double]]
    let pulled: [[Double]]
    let information: [Double]
    let informed: [[Double]]

    var support: LabelledSample {
      LabelledSample(features: Matrix(shots), labels: shotLabels, classCount: 3)
    }
  }

  /// Whole runs of the perceptron.
  struct Runs: Decodable {
    struct Rows: Decodable {
      let support: [Int]
      let queries: [Int]
    }

    let source: [[Double]]
    let sourceLabels: [Int]
    let shots: [[Double]]
    let shotLabels: [Int]
    let unlabelled: [[Double]]
    let queries: [[Double]]
    let temperature: Double
    let innerSteps: Int
    let episodes: [Rows]
    let probabilities: [String: [Double]]

    /// The source, for which the script's network stands.
    func labelledSource() throws -> LabelledSample {
      let source = LabelledSample(features: Matrix(source), labels: sourceLabels, classCount: 3)
      try TuningGolden.standIn(for: source)
      return source
    }

    var labelledShots: LabelledSample {
      LabelledSample(features: Matrix(shots), labels: shotLabels, classCount: 3)
    }

    /// Whether a model says of the queries what PyTorch's said: after 200 steps in single precision,
    /// to four digits.
    func expectAgreement(
      _ model: some Classifier, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let expected = try #require(probabilities[name])
      let found = model.probabilities(of: Matrix(queries)).elements
      let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(
        found.count == expected.count && worst < 1e-4, "\(name): \(worst)",
        sourceLocation: sourceLocation)
    }

    /// The network after the script's episodes, with as many inner steps as it takes if nothing else
    /// is said, and its steps on the shots.
    func adapted(_ method: some MetaMethod, innerSteps: Int? = nil) throws -> NetworkClassifier {
      var method = method
      method.training.innerSteps = innerSteps ?? self.innerSteps
      method.training.episodes = episodes.count
      let source = try labelledSource()
      let run = try FineTuningRun(
        .perceptron, source: source, shots: source, head: .source, budget: method.budget,
        key: RandomKey(seed: 0))
      method.learn(
        method.meta(run, EpisodeShape(ways: 3, shots: 2, queries: 2)),
        from: episodes.map {
          Episode(classes: [0, 1, 2], support: $0.support, queries: $0.queries)
        })
      let tuned = try FineTuningRun(
        .perceptron, source: source, shots: labelledShots, head: .source, start: run.classifier,
        budget: method.budget, key: RandomKey(seed: 0))
      method.adapt(tuned)
      return tuned.classifier
    }
  }

  let features: Features
  let runs: Runs

  static func read() throws -> Self {
    let data = try Data(contentsOf: Fixtures.golden("adaptation.json", of: "MethodsTests"))
    return try JSONDecoder().decode(Self.self, from: data)
  }
}

extension MetaMethod {
  /// The tapes of this method.
  func meta(_ run: FineTuningRun, _ shape: EpisodeShape) -> MetaRun {
    MetaRun(
      run, shape: shape, training: training, adaptsHeadAlone: Self.adaptsHeadAlone,
      key: RandomKey(seed: 0))
  }
}
