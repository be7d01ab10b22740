import Domains
import Foundation
import Learners
import LinearAlgebra
import Networks
import Randomness
import TestSupport
import Testing

@testable import Methods

/// A small task for fine-tuning: Gaussian classes, which lie a little elsewhere in the target.
struct TuningProblem {
  let source: LabelledSample
  let shots: LabelledSample
  let target: LabelledSample

  init(dimensions: Int = 12, classes: Int = 4, perClass: Int = 25, shots: Int = 4) {
    func sample(_ count: Int, _ shift: Double, _ seed: UInt64) -> LabelledSample {
      var stream = RandomStream(RandomKey(seed: seed))
      var features = Matrix<Double>(rows: classes * count, columns: dimensions)
      let labels = (0..<classes * count).map { $0 % classes }
      for row in 0..<features.rows {
        for column in 0..<dimensions {
          let mean = column % classes == labels[row] ? 1.5 : 0
          features[row, column] = mean + shift * (column % 3 == 0 ? 1 : -0.5) + stream.normal()
        }
      }
      return LabelledSample(features: features, labels: labels, classCount: classes)
    }
    source = sample(perClass, 0, 1)
    self.shots = sample(shots, 0.7, 2)
    target = sample(100, 0.7, 3)
  }

  func run(
    _ network: NetworkChoice = .perceptron, head: FineTuningRun.Head = .new, seed: UInt64 = 5
  ) throws -> FineTuningRun {
    try FineTuningRun(
      network, source: source, shots: shots, head: head, budget: FineTuningBudget(),
      key: RandomKey(seed: seed))
  }

  func accuracy(_ model: some Classifier) -> Double {
    let found = Predictions(probabilities: model.probabilities(of: target.features)).classes
    return Double(zip(found, target.labels).count { $0 == $1 }) / Double(target.count)
  }
}

extension FineTuningRun {
  /// The names of the weights that are no longer what the source's network has, in their order;
  /// the last layer's are left out.
  var changed: [String] {
    let begun = start.trunk
    return weights.all.filter { weight in
      begun[weight.name].map { $0 != weight.tensor } ?? false
    }.map(\.name)
  }

  /// How far the weights before the last layer are from the source's.
  var distance: Double {
    let begun = start.trunk
    return trunk.reduce(0.0) { sum, weight in
      guard let first = begun[weight.name] else { return sum }
      return sum
        + zip(first.values, weight.tensor.values).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
    }.squareRoot()
  }
}

/// The whole runs, those of few-shot methods among them, that Scripts/golden/finetuning.py recorded
/// with PyTorch.
struct TuningGolden: Decodable {
  let source: [[Double]]
  let sourceLabels: [Int]
  let shots: [[Double]]
  let shotLabels: [Int]
  let queries: [[Double]]
  let chosenBlock: Int
  let relation: [[Double]]
  let episodes: [DrawnEpisode]
  let probabilities: [String: [Double]]

  /// An episode as the script drew it.
  struct DrawnEpisode: Decodable {
    let classes: [Int]
    let support: [Int]
    let queries: [Int]

    var episode: Episode { Episode(classes: classes, support: support, queries: queries) }
  }

  static func read() throws -> Self {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/finetuning.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: path))
  }

  /// Numbers that look drawn, as the script makes them.
  static func pattern(_ shape: [Int], seed: Int, fanIn: Int) -> Tensor {
    let bound = Float(1 / Double(fanIn).squareRoot())
    return Tensor(
      shape,
      (0..<shape.reduce(1, *)).map { place in
        Float((place * 7919 + seed * 104729) % 2003 - 1001) / 1001 * bound
      })
  }

  private static func fill(_ weights: [Weight], seed: Int) {
    for (place, weight) in weights.enumerated() {
      let layer = place + 6 - weights.count
      weight.tensor = pattern(weight.shape, seed: seed + layer, fanIn: layer < 2 ? 6 : 128)
    }
  }

  var labelledShots: LabelledSample {
    LabelledSample(features: Matrix(shots), labels: shotLabels, classCount: 3)
  }

  /// Lets a network with the script's weights stand for the one that a source would train.
  static func standIn(for source: LabelledSample) throws {
    let store = Weights(key: RandomKey(seed: 0))
    _ = NetworkChoice.perceptron.backbone.logits(
      of: Tape(mode: .inference).input([1, 6]), classes: 3, in: Scope(store))
    fill(store.all, seed: 1)
    let trained = NetworkClassifier(
      .perceptron, input: try NetworkInput(.perceptron, fittedTo: source.features),
      weights: store.snapshot, classes: [0, 1, 2], classCount: 3)
    _ = source.shared.once("pre-trained mlp", bytes: 0) { trained }
  }

  /// The source with the script's weights in place of trained ones.
  func pretrainedSource() throws -> LabelledSample {
    let source = LabelledSample(features: Matrix(source), labels: sourceLabels, classCount: 3)
    try Self.standIn(for: source)
    return source
  }

  /// Gives a new last layer the script's weights.
  static func fillHead(of run: FineTuningRun) {
    fill(run.weights.all.filter { run.isHead($0) }, seed: 50)
  }

  /// The script's run before it is tuned: its weights in place of trained and drawn ones.
  func run(head: FineTuningRun.Head = .new) throws -> FineTuningRun {
    let run = try FineTuningRun(
      .perceptron, source: pretrainedSource(), shots: labelledShots, head: head,
      budget: FineTuningBudget(), key: RandomKey(seed: 0))
    if head == .new { Self.fillHead(of: run) }
    return run
  }

  /// Whether the network says of the queries what PyTorch's said: after 200 steps in single
  /// precision, to four digits.
  func expectAgreement(
    _ run: FineTuningRun, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expectAgreement(run.classifier, name, sourceLocation: sourceLocation)
  }

  /// Whether a classifier says of the queries what PyTorch's network said, to four digits.
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
}
