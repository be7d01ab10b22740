import Domains
import Learners
import LinearAlgebra
import Networks
import Parameters
import Randomness

/// How a network is trained on episodes of the source.
public struct EpisodicTraining: Sendable, Hashable {
  /// N, K and Q; smaller where the source has less.
  public var shape = EpisodeShape(ways: 5, shots: 5, queries: 5)
  /// The number of episodes, each a step of Adam.
  public var episodes = 100
  /// The learning rate.
  public var rate = 0.001
  /// Whether the network begins as the source trained it to classify, or untrained.
  public var isPretrained = true

  /// A hundred episodes for a network that is trained already.
  public init() {}
}

/// A method that trains an embedding on episodes of the source and keeps it as it is for the target.
protocol EpisodicMethod: InductiveMethod {
  /// The network.
  var learner: NetworkChoice { get set }
  /// How it is trained.
  var training: EpisodicTraining { get set }
  /// Records the loss of an episode.
  func loss(of run: EpisodicRun) -> Variable
  /// The classifier of embedded samples that has these as its support, after training that left
  /// such weights.
  func model(
    of support: LabelledSample, _ weights: WeightSnapshot
  ) throws(MethodError) -> any Classifier
}

extension EpisodicMethod {
  /// The hyperparameters of the network and its training.
  static var trainingParameters: [Parameter<Self>] {
    [
      .choice("learner", \.learner, help: "Network that embeds the samples."),
      .integer(
        "ways", \.training.shape.ways, in: 2...1000, grid: [2, 5, 10],
        help: "N, the classes of a training episode; at most the source's."),
      .integer(
        "shots", \.training.shape.shots, in: 1...1000, grid: [1, 5],
        help: "K, the samples of a class that a training episode learns from."),
      .integer(
        "queries", \.training.shape.queries, in: 1...1000,
        help: "Q, the samples of a class that a training episode classifies."),
      .integer(
        "episodes", \.training.episodes, in: 0...1_000_000, grid: [0, 100, 300],
        help: "Training episodes; with 0 the network stays as it begins."),
      .real(
        "rate", \.training.rate, in: 1e-6...1, grid: [1e-4, 1e-3, 1e-2],
        help: "Learning rate of Adam."),
      .flag(
        "pretrained", \.training.isPretrained,
        help: "Whether the network begins as the source trained it to classify, or untrained."),
    ]
  }

  /// Trains on the source, then takes the shots for the support.
  func fitted(
    to source: LabelledSample, _ shots: LabelledSample
  ) throws(MethodError) -> MappedClassifier {
    try shots.requireSome()
    guard shots.features.isFinite else { throw .learner(.notFinite) }
    return try classifier(trained(on: source), shots)
  }

  /// The classifier that has the shots for its support.
  func classifier(
    _ network: NetworkClassifier, _ shots: LabelledSample
  ) throws(MethodError) -> MappedClassifier {
    let support = shots.with(features: network.features(of: shots.features))
    return MappedClassifier(try model(of: support, network.weights)) { network.features(of: $0) }
  }

  /// The network after the episodes of the source: once for all targets, shots and keys.
  func trained(on source: LabelledSample) throws(MethodError) -> NetworkClassifier {
    let settings = assignments.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    return try source.shared.once(
      "episodes of \(Self.card.id) \(settings)", bytes: NetworkClassifier.sharedBytes
    ) { () throws(MethodError) in
      let run = try EpisodicRun(
        learner, source: source, training: training,
        key: RandomKey(seed: 0).child("episodes of \(Self.card.id)"))
      run.train(
        minimizing: loss(of: run), on: (0..<training.episodes).lazy.map { run.episodes[$0] })
      return run.network
    }
  }
}

/// A network while it is trained on episodes of the source: a tape that takes one episode in each
/// step, its support first, then its queries.
final class EpisodicRun {
  /// The episodes that can be drawn.
  let episodes: Episodes
  /// The network's weights, and others that are learnt with them.
  let weights: Weights
  /// Where the weights are.
  let scope: Scope
  /// The features of the support, class after class.
  let support: Variable
  /// The features of the queries, class after class.
  let queries: Variable
  /// The place of each query's class among those of the episode.
  let labels: Indices
  private let choice: NetworkChoice
  private let tape: Tape
  private let samples: Variable
  private let input: NetworkInput
  private let values: [Float]
  private let classCount: Int
  private let rate: Double
  /// Takes a step for each episode, of all weights that are recorded when it is first asked for.
  private(set) lazy var optimizer = Adam(weights, rate: Float(rate))
  private var constants: [(variable: Variable, values: [Float])] = []

  /// The tape for episodes of a source.
  init(
    _ network: NetworkChoice, source: LabelledSample, training: EpisodicTraining, key: RandomKey
  ) throws(MethodError) {
    let shape = try training.shape.fitting(source.labels)
    episodes = try Episodes(of: source.labels, shape: shape, key: key.child("draws"))
    let (input, trunk) = try source.beginning(of: network, isPretrained: training.isPretrained)
    self.input = input
    choice = network
    values = input.values(of: source.features)
    classCount = source.classCount
    rate = training.rate
    weights = Weights(key: key.child("weights"))
    scope = Scope(weights)
    tape = Tape(mode: .training, key: key.child("tape"))
    let learnt = shape.ways * shape.shots
    let asked = shape.ways * shape.queries
    samples = tape.input([learnt + asked] + input.shape)
    let features = network.backbone.features(of: samples, in: scope)
    support = features.slice(0..<learnt, along: .first)
    queries = features.slice(learnt..<learnt + asked, along: .first)
    labels = tape.indices(asked)
    labels.set((0..<asked).map { $0 / shape.queries })
    if let trunk { weights.snapshot = trunk }
  }

  /// N, K and Q of the episodes.
  var shape: EpisodeShape { episodes.shape }

  /// The place of each support sample's class among those of the episode.
  var ways: [Int] { (0..<shape.ways * shape.shots).map { $0 / shape.shots } }

  /// An input that is the same in every episode.
  func constant(_ tensor: Tensor) -> Variable {
    let variable = tape.input(tensor.shape)
    constants.append((variable, tensor.values))
    return variable
  }

  /// So many integers that are the same in every episode.
  func indices(_ integers: [Int]) -> Indices {
    let indices = tape.indices(integers.count)
    indices.set(integers)
    return indices
  }

  /// Takes a step of Adam on each episode.
  func train(minimizing loss: Variable, on episodes: some Sequence<Episode>) {
    let team = Team()
    let program = Program(minimizing: loss, team: team)
    for (variable, values) in constants { program.set(variable, values) }
    for episode in episodes {
      program.set(samples, rows: episode.support + episode.queries, of: values)
      program.forward()
      program.backward()
      optimizer.step(team: team)
    }
  }

  /// The network as it is now, for its features alone.
  var network: NetworkClassifier {
    NetworkClassifier(
      choice, input: input, weights: weights.snapshot, classes: [], classCount: classCount)
  }
}
