import Domains
import Foundation
import Learners
import LinearAlgebra
import Networks
import Randomness
import Testing

@testable import Methods

/// What holds of every method that is trained on episodes.
@Suite struct EpisodicTrainingTests {
  private static func methods(
    _ change: (inout EpisodicTraining) -> Void = { _ in }
  ) -> [any EpisodicMethod] {
    let methods: [any EpisodicMethod] = [Prototypical(), Matching(), Relation()]
    return methods.map { method in
      var method = method
      change(&method.training)
      return method
    }
  }

  /// The mean of −log p over new samples of the source's classes, two of each class being known.
  private func loss(_ method: some EpisodicMethod, _ source: LabelledSample) throws -> Double {
    let problem = TuningProblem(perClass: 40, shots: 2)
    let support = problem.source.selecting(rows: Array(100..<108))
    let asked = problem.source.selecting(rows: Array(108..<160))
    let model = try method.fitted(to: source, support)
    let found = model.probabilities(of: asked.features)
    return asked.labels.enumerated().reduce(0) { $0 - log(found[$1.offset, $1.element]) }
      / Double(asked.count)
  }

  @Test func episodesTeachWhatTheyAskFor() throws {
    let all = TuningProblem(perClass: 40).source
    let source = all.selecting(rows: Array(0..<100))
    let begun = Self.methods { ($0.isPretrained, $0.episodes) = (false, 0) }
    let trained = Self.methods { $0.isPretrained = false }
    for (before, after) in zip(begun, trained) {
      let losses = try [loss(before, source), loss(after, source)]
      #expect(losses[1] < 0.8 * losses[0], "\(type(of: after)): \(losses)")
    }
  }

  /// Whoever asks first, with whichever shots and key.
  @Test func embeddingDependsOnTheSourceAndTheSettings() throws {
    let problem = TuningProblem()
    let other = LabelledSample(
      features: problem.source.features, labels: problem.source.labels, classCount: 4)
    for method in Self.methods() {
      let trained = try method.trained(on: problem.source).weights
      #expect(try trained == method.trained(on: other).weights)
      var slower = method
      slower.training.rate /= 2
      #expect(try trained != slower.trained(on: problem.source).weights)
    }
  }

  @Test func withoutEpisodesTheNetworkIsTheSources() throws {
    let problem = TuningProblem()
    let begun = try problem.source.pretrained(.perceptron).trunk
    for method in Self.methods({ $0.episodes = 0 }) {
      let trained = try method.trained(on: problem.source).weights
      #expect(begun.names.allSatisfy { trained[$0] == begun[$0] })
    }
    for method in Self.methods({ ($0.episodes, $0.isPretrained) = (0, false) }) {
      let trained = try method.trained(on: problem.source).weights
      #expect(trained["fc1.weight"] != begun["fc1.weight"])
      #expect(trained["fc1.weight"]?.shape == begun["fc1.weight"]?.shape)
    }
  }

  @Test func aSourceOfOneClassIsRefused() throws {
    let problem = TuningProblem()
    let rows = problem.source.labels.indices.filter { problem.source.labels[$0] == 2 }
    let source = problem.source.selecting(rows: rows)
    for method in Self.methods() {
      #expect(throws: MethodError.self) { try method.fitted(to: source, problem.shots) }
    }
  }
}

extension TuningGolden {
  /// The classifier after the script's episodes, with the script's weights in place of drawn ones;
  /// `more` are the numbers of the patterns of weights beside the network's.
  ///
  /// Adam's ε is the script's: see there.
  func classifier(_ method: some EpisodicMethod, more: [Int] = []) throws -> MappedClassifier {
    var method = method
    method.training.shape = EpisodeShape(ways: 3, shots: 2, queries: 3)
    let run = try EpisodicRun(
      .perceptron, source: pretrainedSource(), training: method.training, key: RandomKey(seed: 0))
    let loss = method.loss(of: run)
    for (weight, seed) in zip(run.weights.all.dropFirst(4), more) {
      weight.tensor = Self.pattern(weight.shape, seed: seed, fanIn: weight.shape.last ?? 1)
    }
    run.optimizer.epsilon = 1e-4
    run.train(minimizing: loss, on: episodes.map(\.episode))
    return try method.classifier(run.network, labelledShots)
  }
}
