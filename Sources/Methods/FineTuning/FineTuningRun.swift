import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness

/// How long and how fast a pre-trained network is tuned: as long as a network trained on the shots
/// from scratch.
public struct FineTuningBudget: Sendable, Hashable {
  /// Passes over the shots; 200 steps at least.
  public var epochs = NetworkTraining().epochs
  /// The learning rate of the new head.
  public var rate = NetworkTraining().rate
  /// What the rate of the other layers is multiplied by.
  public var trunkRate = 0.1

  /// The budget of training from scratch, and a trunk that moves at a tenth of the rate.
  public init() {}

  /// The steps of a fit to so many shots.
  func steps(samples: Int) -> Int {
    var training = NetworkTraining()
    training.epochs = epochs
    return training.steps(samples: samples)
  }
}

/// A pre-trained network while it is tuned on the shots.
///
/// Its weights begin as the source left them, but for the last layer. It can be tuned in several
/// stages, each with its own weights and loss.
struct FineTuningRun {
  /// How the last layer begins.
  enum Head {
    /// New, for the classes of the shots.
    case new
    /// As the source's, for its classes; new for others that the shots have.
    case source
  }

  /// The network as it begins, which is as the source left it if nothing else is said.
  let start: NetworkClassifier
  /// Its weights, which are tuned.
  let weights: Weights
  /// The blocks before the last layer, from the input on.
  let blocks: [WeightBlock]
  /// The class of each output of the last layer.
  let classes: [Int]
  /// The samples of a step.
  let batch: Int
  /// The steps of the budget.
  let steps: Int
  let budget: FineTuningBudget
  private let shots: LabelledSample
  /// The network's inputs for the shots, one after another.
  let values: [Float]
  private let labels: [Int]
  private let key: RandomKey

  /// The network of the source, or `start` in its place, about to be tuned on the shots.
  init(
    _ network: NetworkChoice, source: LabelledSample, shots: LabelledSample, head: Head = .new,
    start: NetworkClassifier? = nil, budget: FineTuningBudget, key: RandomKey
  ) throws(MethodError) {
    try shots.requireSome()
    guard shots.features.isFinite else { throw .learner(.notFinite) }
    if let start { self.start = start } else { self.start = try source.pretrained(network) }
    self.budget = budget
    self.shots = shots
    self.key = key
    let known = head == .source ? self.start.classes : []
    classes = Set(shots.labels + known).sorted()
    let outputs = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    labels = shots.labels.compactMap { outputs[$0] }
    values = self.start.input.values(of: shots.features)
    batch = min(NetworkTraining().batchSize, shots.count)
    steps = budget.steps(samples: shots.count)
    weights = Weights(key: key.child("weights"))
    let tape = Tape(mode: .inference)
    let sample = tape.input([1] + self.start.input.shape)
    _ = network.backbone.logits(of: sample, classes: classes.count, in: Scope(weights))
    weights.snapshot = self.start.trunk
    blocks = weights.blocks(before: network.backbone.headName)
    if head == .source { takeSourceHead() }
  }

  /// The name of the last layer.
  var headName: String { start.network.backbone.headName }

  /// Whether a weight is the last layer's.
  func isHead(_ weight: Weight) -> Bool { weight.name.hasPrefix(headName + ".") }

  /// The weights that are learnt, before the last layer.
  var trunk: [Weight] { weights.all.filter { $0.role != .statistic && !isHead($0) } }

  /// The rates: the trunk's, and the head's.
  var usualGroups: [ParameterGroup] {
    [
      ParameterGroup(prefix: "", rate: Float(budget.trunkRate)),
      ParameterGroup(prefix: headName + "."),
    ]
  }

  private func takeSourceHead() {
    for weight in weights.all where isHead(weight) {
      guard let source = start.weights[weight.name] else { continue }
      let width = weight.shape.dropFirst().reduce(1, *)
      var tensor = weight.tensor
      for (from, label) in start.classes.enumerated() {
        guard let to = classes.firstIndex(of: label) else { continue }
        tensor.values.replaceSubrange(
          to * width..<(to + 1) * width, with: source.values[from * width..<(from + 1) * width])
      }
      weight.tensor = tensor
    }
  }

  /// Lets the last layer begin as a logistic regression on the features of the shots.
  func probeHead() throws(MethodError) {
    try weights.probe(
      head: headName, classes: classes,
      shots.with(features: start.features(of: shots.features)), key: key.child("probe"))
  }

  /// Tunes the network for some steps.
  ///
  /// - Parameters:
  ///   - stage: the number of the stage; each draws batches of its own.
  ///   - steps: how many steps; those of the budget where nil.
  ///   - schedule: what the rate is multiplied by.
  ///   - momentum: the momentum.
  ///   - decay: the weight decay, before the factors of the groups.
  ///   - groups: the rates of the weights; `usualGroups` where nil.
  ///   - isTrained: whether a weight is tuned; the others stay as they are.
  ///   - prepare: is told the tape before the network is recorded.
  ///   - loss: records the loss.
  func tune(
    stage: Int = 0, steps: Int? = nil, schedule: Schedule = .constant,
    momentum: Double = NetworkTraining().momentum, decay: Double = NetworkTraining().decay,
    groups: [ParameterGroup]? = nil,
    training isTrained: (Weight) -> Bool = { _ in true }, prepare: (Tape) -> Void = { _ in },
    loss: (FineTuningStep) -> Variable = { $0.crossEntropy }
  ) {
    for weight in weights.all { weight.isFrozen = !isTrained(weight) }
    let step = FineTuningStep(self, batch: batch, key: key.child("tape", stage), prepare)
    let team = Team()
    let program = Program(minimizing: loss(step), team: team)
    let optimizer = SGD(
      weights, rate: Float(budget.rate), momentum: Float(momentum),
      decay: Float(decay), groups: groups ?? usualGroups)
    var batches = Minibatches(of: labels.count, size: batch, key: key.child("batches", stage))
    let count = steps ?? self.steps
    for index in 0..<count {
      optimizer.rate = Float(budget.rate * schedule.factor(step: index, of: count))
      let rows = batches.next()
      set(program, step, rows)
      program.forward()
      program.backward()
      optimizer.step(team: team, factor: 1)
    }
  }

  /// Computes the loss of some shots, at most `batch`, and its gradients; changes no weight.
  ///
  /// The network goes by its running statistics.
  func probe(_ body: (_ loss: () -> Float, _ gradients: () -> Void) -> Void) {
    for weight in weights.all { weight.isFrozen = false }
    let step = FineTuningStep(
      self, batch: batch, mode: .inference, key: key.child("probe tape"))
    let program = Program(minimizing: step.crossEntropy, team: Team())
    var batches = Minibatches(of: labels.count, size: batch, key: key.child("probe batch"))
    set(program, step, batches.next())
    body({ program.forward() }, { program.backward() })
  }

  /// Sets the inputs of a step to these rows of the shots.
  func set(_ program: Program, _ step: FineTuningStep, _ rows: [Int]) {
    program.set(step.samples, rows: rows, of: values)
    for table in step.tables { program.set(table.variable, rows: rows, of: table.values) }
    step.labels.set(rows.map { labels[$0] })
  }

  /// The probabilities that the source's network gives the shots, n × its classes.
  var sourceProbabilities: Matrix<Double> {
    let all = start.probabilities(of: shots.features)
    return Matrix(start.classes.map { all.column($0) }).transposed
  }

  /// What layers of the source's network compute of the shots: see `outputs(of:atKernels:)`.
  func sourceOutputs(atKernels names: [String]) -> [Tensor] {
    start.outputs(of: shots.features, atKernels: names)
  }

  /// The output of each shot.
  var shotOutputs: [Int] { labels }

  /// The network as it is now.
  var classifier: NetworkClassifier { classifier(weights.snapshot) }

  /// The network with these weights.
  func classifier(_ weights: WeightSnapshot) -> NetworkClassifier {
    NetworkClassifier(
      start.network, input: start.input, weights: weights, classes: classes,
      classCount: shots.classCount)
  }
}

/// A step of fine-tuning as it is recorded: a batch of the shots through the network.
final class FineTuningStep {
  let tape: Tape
  /// Where the network's weights are.
  let scope: Scope
  let samples: Variable
  /// The output of each sample's class.
  let labels: Indices
  /// The features before the last layer.
  let features: Variable
  let logits: Variable
  fileprivate private(set) var tables: [(variable: Variable, values: [Float])] = []
  private let batch: Int

  /// Records a batch of so many shots.
  init(
    _ run: FineTuningRun, batch: Int, mode: Tape.Mode = .training, key: RandomKey,
    _ prepare: (Tape) -> Void = { _ in }
  ) {
    self.batch = batch
    tape = Tape(mode: mode, key: key)
    scope = Scope(run.weights)
    prepare(tape)
    samples = tape.input([batch] + run.start.input.shape)
    labels = tape.indices(batch)
    features = run.start.network.backbone.features(of: samples, in: scope)
    logits = run.start.network.backbone.head(
      on: features, classes: run.classes.count, in: scope)
  }

  /// The loss of classification.
  var crossEntropy: Variable { logits.crossEntropy(labels) }

  /// An input that holds, in each step, the batch's rows of an array with a row for each shot.
  func input(_ table: Tensor) -> Variable {
    let variable = tape.input([batch] + table.shape.dropFirst())
    tables.append((variable, table.values))
    return variable
  }
}
