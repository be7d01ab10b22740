public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Baseline++: a classifier by cosines, trained on the source and anew on the shots.
///
/// W.-Y. Chen, Y.-C. Liu, Z. Kira, Y.-C. F. Wang, J.-B. Huang. "A Closer Look at Few-shot
/// Classification." ICLR 2019. See `papers/chen-2019-baseline-plus-plus.md`.
///
/// ```
/// s_k(x) = α cos(f(x; w), v_k),   p(y = k | x) = exp(s_k(x)) / Σ_k' exp(s_k'(x))     (1)
/// w, v = argmin over w, v:  Σ_i −log p(y_i | x_i)   over the source                 (2)
/// v = argmin over v:  Σ_i −log p(y_i | x_i)   over the shots, w frozen              (3)
/// ```
///
/// (3) takes steps of batches with u ← μ u + (1 − μ) g, v ← v − η u.
///
/// - Complexity: a step of the network on each batch of the source, a pass over the shots, and steps
///   of the last layer on them.
/// - Deviations: (1) has no learnt length of v_k, which the authors' program has and the paper
///   doesn't. The network begins as the source's classifier unless `pretrained` is off, and takes
///   few steps of (2).
public struct BaselinePlusPlus: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// α.
  public var scale = 2.0
  /// The batches of the source in (2), each a step of Adam.
  public var steps = 100
  /// The rate of (2).
  public var sourceRate = 0.001
  /// Whether the network begins as the source trained it to classify, or untrained.
  public var isPretrained = true
  /// Passes over the shots in (3).
  public var epochs = 100
  /// The samples of a batch in (3).
  public var batch = 4
  /// η.
  public var rate = 0.01

  /// μ and the weight decay of (3), the authors'.
  private static let (momentum, decay) = (Float(0.9), Float(0.001))

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "baseline-plus-plus", title: "Baseline++", family: .fewShot,
    paper: "chen-2019-baseline-plus-plus")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that embeds the samples."),
    .real(
      "scale", \.scale, in: 0.01...1000, grid: [2, 10],
      help: "α, what cosines are multiplied by."),
    .integer(
      "steps", \.steps, in: 0...1_000_000, grid: [0, 100, 300],
      help: "Batches of the source; with 0 the network stays as it begins."),
    .real(
      "sourceRate", \.sourceRate, in: 1e-6...1, grid: [1e-4, 1e-3],
      help: "Learning rate of Adam on the source."),
    .flag(
      "pretrained", \.isPretrained,
      help: "Whether the network begins as the source trained it to classify, or untrained."),
    .integer("epochs", \.epochs, in: 1...10_000, help: "Passes over the shots."),
    .integer("batch", \.batch, in: 1...10_000, help: "Shots of a step."),
    .real(
      "rate", \.rate, in: 1e-6...1, grid: [1e-3, 1e-2, 1e-1],
      help: "η, the learning rate on the shots."),
  ]

  /// Trains the network on the source, then the last layer on the shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    guard shots.features.isFinite else { throw .learner(.notFinite) }
    let network = try trained(on: source)
    let support = shots.with(features: network.features(of: shots.features))
    return MappedClassifier(tuned(on: support, key: key)) { network.features(of: $0) }
  }

  /// The network after its steps on the source: once for all targets, shots and keys.
  private func trained(on source: LabelledSample) throws(MethodError) -> NetworkClassifier {
    let settings = "\(learner.rawValue) \(scale) \(steps) \(sourceRate) \(isPretrained)"
    return try source.shared.once(
      "\(Self.card.id) \(settings)", bytes: NetworkClassifier.sharedBytes
    ) { () throws(MethodError) in
      try network(on: source, key: RandomKey(seed: 0).child(Self.card.id))
    }
  }

  /// The network after its steps on the source, for its features alone.
  ///
  /// `begin` may set the directions of the last layer.
  func network(
    on source: LabelledSample, key: RandomKey, begin: (Weight) -> Void = { _ in }
  ) throws(MethodError) -> NetworkClassifier {
    let (input, trunk) = try source.beginning(of: learner, isPretrained: isPretrained)
    let weights = Weights(key: key.child("weights"))
    let tape = Tape(mode: .training, key: key.child("tape"))
    let size = min(NetworkTraining().batchSize, source.count)
    let samples = tape.input([size] + input.shape)
    let features = learner.backbone.features(of: samples, in: Scope(weights))
    if let trunk { weights.snapshot = trunk }
    let head = CosineHead(source.labels, on: features, in: weights, scale: scale)
    begin(head.directions)
    head.train(
      samples, input.values(of: source.features), Adam(weights, rate: Float(sourceRate)),
      steps: steps, key: key)  // (2)
    return NetworkClassifier(
      learner, input: input, weights: weights.snapshot, classes: [], classCount: source.classCount)
  }

  /// The last layer after its steps on shots whose features are embedded.
  func tuned(
    on support: LabelledSample, key: RandomKey, begin: (Weight) -> Void = { _ in }
  ) -> CosineModel {
    let weights = Weights(key: key.child("weights"))
    let size = min(batch, support.count)
    let features = Tape(mode: .training).input([size, support.features.columns])
    let head = CosineHead(support.labels, on: features, in: weights, scale: scale)
    begin(head.directions)
    let optimizer = SGD(
      weights, rate: Float(rate) * (1 - Self.momentum), momentum: Self.momentum,
      decay: Self.decay)
    head.train(
      features, support.features.elements.map { Float($0) }, optimizer,
      steps: (epochs * support.count + size - 1) / size, key: key)  // (3)
    return CosineModel(head, classCount: support.classCount)
  }
}

/// A last layer of cosines on a tape that takes batches of labelled samples.
private struct CosineHead {
  /// The class of each output.
  let classes: [Int]
  /// v.
  let directions: Weight
  let scale: Double
  private let outputs: [Int]
  private let labels: Indices
  private let loss: Variable

  init(_ labels: [Int], on features: Variable, in weights: Weights, scale: Double) {
    classes = Set(labels).sorted()
    let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    outputs = labels.compactMap { places[$0] }
    self.scale = scale
    self.labels = features.tape.indices(features.shape[0])
    loss = features.cosines(Scope(weights)("cosine"), classes.count)
      .scaled(by: Float(scale)).crossEntropy(self.labels)  // (1)
    guard let directions = weights["cosine.weight"] else {
      preconditionFailure("A layer of cosines has its directions.")
    }
    self.directions = directions
  }

  /// Takes steps on batches of the samples that lie one after another.
  func train(
    _ samples: Variable, _ values: [Float], _ optimizer: some Optimizer, steps: Int,
    key: RandomKey
  ) {
    let team = Team()
    let program = Program(minimizing: loss, team: team)
    var batches = Minibatches(of: outputs.count, size: labels.count, key: key.child("batches"))
    for _ in 0..<steps {
      let rows = batches.next()
      program.set(samples, rows: rows, of: values)
      labels.set(rows.map { outputs[$0] })
      program.forward()
      program.backward()
      optimizer.step(team: team, factor: 1)
    }
  }
}

/// A classifier by the cosines with a direction of each class.
struct CosineModel: Classifier {
  private let directions: Matrix<Double>
  private let classes: [Int]
  private let classCount: Int
  private let scale: Double

  fileprivate init(_ head: CosineHead, classCount: Int) {
    let kernel = head.directions.tensor
    directions =
      Matrix(
        rows: kernel.shape[0], columns: kernel.shape[1],
        elements: kernel.values.map { Double($0) }
      ).rowsNormalized
    classes = head.classes
    scale = head.scale
    self.classCount = classCount
  }

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    let cosines = features.rowsNormalized * directions.transposed
    return (cosines * scale).rowSoftmax  // (1)
      .spreading(columns: classes, over: classCount, filling: 0)
  }
}
