import Domains
import Learners
import Networks
import Parameters
import Randomness

/// How a start is learnt from episodes of the source.
public struct MetaTraining: Sendable, Hashable {
  /// N, K and Q; smaller where the source has less.
  public var shape = EpisodeShape(ways: 5, shots: 5, queries: 5)
  /// The number of episodes, each of which moves the start once.
  public var episodes = 100
  /// The steps of gradient descent that adapt to an episode.
  public var innerSteps = 1
  /// Their rate, and that of the steps on the shots.
  public var innerRate = 0.01
  /// The rate at which episodes move the start.
  public var rate = 0.001
  /// Whether the start begins as the source trained the network to classify, or untrained.
  public var isPretrained = true
  /// Passes over the shots; 200 steps at least.
  public var epochs = NetworkTraining().epochs

  /// A hundred episodes from a network that is trained already.
  public init() {}
}

/// A method that learns a start from episodes of the source, and adapts it to the shots.
protocol MetaMethod: InductiveMethod {
  /// The network.
  var learner: NetworkChoice { get set }
  /// How its start is learnt.
  var training: MetaTraining { get set }
  /// Whether the last layer alone adapts.
  static var adaptsHeadAlone: Bool { get }
  /// Lets episodes move the start.
  func learn(_ run: MetaRun, from episodes: some Sequence<Episode>)
}

extension MetaMethod {
  /// The hyperparameters that all have, but for the method's own.
  static var sharedParameters: [Parameter<Self>] {
    [
      .choice("learner", \.learner, help: "Network whose start is learnt."),
      .integer(
        "ways", \.training.shape.ways, in: 2...1000, grid: [2, 5, 10],
        help: "N, the classes of an episode; at most the source's."),
      .integer(
        "shots", \.training.shape.shots, in: 1...1000, grid: [1, 5],
        help: "K, the samples of a class that an episode adapts to."),
      .integer(
        "episodes", \.training.episodes, in: 0...1_000_000, grid: [0, 100, 300],
        help: "Episodes of the source; with 0 the start stays as it begins."),
      .integer(
        "innerSteps", \.training.innerSteps, in: 0...1000, grid: [1, 3, 5],
        help: "Steps that adapt to an episode."),
      .real(
        "innerRate", \.training.innerRate, in: 1e-6...1, grid: [1e-3, 1e-2, 1e-1],
        help: "α, the rate of these steps and of those on the shots."),
      .flag(
        "pretrained", \.training.isPretrained,
        help: "Whether the start begins as the source trained it to classify, or untrained."),
      .integer("epochs", \.training.epochs, in: 1...10_000, help: "Passes over the shots."),
    ]
  }

  /// The hyperparameters of methods whose episodes have queries.
  static var queryParameters: [Parameter<Self>] {
    sharedParameters + [
      .integer(
        "queries", \.training.shape.queries, in: 1...1000,
        help: "Q, the samples of a class that the start learns from."),
      .real(
        "rate", \.training.rate, in: 1e-6...1, grid: [1e-4, 1e-3, 1e-2],
        help: "β, the learning rate of the start, Adam's."),
    ]
  }

  /// How long and how fast the start is adapted to the shots.
  var budget: FineTuningBudget {
    var budget = FineTuningBudget()
    budget.epochs = training.epochs
    budget.rate = training.innerRate
    return budget
  }

  /// The network adapted to the shots, by the steps that adapt to an episode.
  func adapted(
    source: LabelledSample, shots: LabelledSample, key: RandomKey
  ) throws(MethodError) -> NetworkClassifier {
    try shots.requireSome()
    let run = try FineTuningRun(
      learner, source: source, shots: shots, head: .source, start: try start(from: source),
      budget: budget, key: key)
    adapt(run)
    return run.classifier
  }

  /// Adapts the start to the shots.
  func adapt(_ run: FineTuningRun) {
    run.tune(
      momentum: 0, decay: 0, groups: [ParameterGroup(prefix: "")],
      training: { !Self.adaptsHeadAlone || run.isHead($0) })
  }

  /// The start that the source's episodes lead to: once for all targets, shots and keys.
  private func start(from source: LabelledSample) throws(MethodError) -> NetworkClassifier {
    let settings = assignments.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    let name = "start of \(Self.card.id)"
    return try source.shared.once("\(name) \(settings)", bytes: NetworkClassifier.sharedBytes) {
      () throws(MethodError) in
      let key = RandomKey(seed: 0).child(name)
      let shape = try training.shape.fitting(source.labels)
      let episodes = try Episodes(of: source.labels, shape: shape, key: key.child("draws"))
      let run = try FineTuningRun(
        learner, source: source, shots: source, head: training.isPretrained ? .source : .new,
        start: training.isPretrained ? nil : source.untrained(learner, key: key.child("start")),
        budget: budget, key: key.child("run"))
      learn(
        MetaRun(
          run, shape: shape, training: training, adaptsHeadAlone: Self.adaptsHeadAlone,
          key: key.child("tapes")),
        from: (0..<training.episodes).lazy.map { episodes[$0] })
      return run.classifier
    }
  }
}

/// A network while episodes of the source move its start.
final class MetaRun {
  /// The network, whose shots are the source.
  let run: FineTuningRun
  let team = Team()
  private let training: MetaTraining
  private let support: FineTuningStep
  private let queries: FineTuningStep
  private let supportProgram: Program
  private let queryProgram: Program
  private let inner: SGD

  /// The tapes for episodes of this shape.
  init(
    _ run: FineTuningRun, shape: EpisodeShape, training: MetaTraining, adaptsHeadAlone: Bool,
    key: RandomKey
  ) {
    self.run = run
    self.training = training
    for weight in run.weights.all { weight.isFrozen = adaptsHeadAlone && !run.isHead(weight) }
    support = FineTuningStep(run, batch: shape.ways * shape.shots, key: key.child("support"))
    supportProgram = Program(minimizing: support.crossEntropy, team: team)
    inner = SGD(run.weights, rate: Float(training.innerRate), momentum: 0)
    for weight in run.weights.all { weight.isFrozen = false }
    queries = FineTuningStep(run, batch: shape.ways * shape.queries, key: key.child("queries"))
    queryProgram = Program(minimizing: queries.crossEntropy, team: team)
  }

  /// The weights that are learnt.
  var weights: [Tensor] {
    get { learnt.map(\.tensor) }
    set { for (weight, tensor) in zip(learnt, newValue) { weight.tensor = tensor } }
  }

  private var learnt: [Weight] { run.weights.all.filter { $0.role != .statistic } }

  /// Takes the inner steps on an episode's support.
  func adapt(to episode: Episode) {
    run.set(supportProgram, support, episode.support)
    for _ in 0..<training.innerSteps {
      supportProgram.forward()
      supportProgram.backward()
      inner.step(team: team)
    }
  }

  /// Computes the loss of an episode's queries, and leaves its gradient in the weights.
  @discardableResult
  func ask(_ episode: Episode) -> Float {
    run.set(queryProgram, queries, episode.queries)
    let loss = queryProgram.forward()
    queryProgram.backward()
    return loss
  }

  /// Moves the start by the gradient of each episode's queries at the weights adapted to it.
  func moveByQueries(of episodes: some Sequence<Episode>) {
    let outer = Adam(run.weights, rate: Float(training.rate))
    for episode in episodes {
      let start = weights
      adapt(to: episode)
      ask(episode)
      weights = start
      outer.step(team: team)
    }
  }
}
