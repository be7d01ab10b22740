import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness

/// A network while it is tuned on the source and the shots together: what the methods share that see
/// labels of both.
///
/// The samples of a step are a batch of the source, one of the shots and, where they are taken
/// along, one of the unlabelled target samples, in this order.
struct JointTuning {
  /// The network, for the classes of source and shots.
  let run: FineTuningRun
  /// Where its weights are.
  let scope: Scope
  /// The features before the last layer of the source's batch and the shots'.
  let labelled: Variable
  /// The outputs of their classes.
  let labels: Indices
  /// The features of the source's batch.
  let source: Variable
  /// The features of the shots' batch.
  let shots: Variable
  /// The features of the unlabelled batch; nil where there is none.
  let unlabelled: Variable?

  /// The samples of each part in a step, and all that there are of it.
  private let parts: [(batch: Int, rows: Range<Int>)]
  private let samples: Variable
  private let values: [Float]
  private let key: RandomKey

  /// The network of the source, or one that nothing trained, about to be tuned.
  ///
  /// A step has half as many labelled samples as a step of training, or as many where the
  /// unlabelled ones don't take the other half.
  init(
    _ network: NetworkChoice, isPretrained: Bool, head: FineTuningRun.Head = .source,
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample? = nil,
    budget: FineTuningBudget, key: RandomKey
  ) throws(MethodError) {
    try shots.requireSome()
    self.key = key
    run = try FineTuningRun(
      network, source: source, shots: source.appending(shots), head: isPretrained ? head : .new,
      start: isPretrained ? nil : source.untrained(network, key: key.child("start")),
      budget: budget, key: key.child("run"))
    let others = unlabelled ?? UnlabelledSample(features: Matrix(rows: 0, columns: 0))
    let whole = NetworkTraining().batchSize
    let share = others.count > 0 ? whole / 4 : whole / 2
    let labelledCount = source.count + shots.count
    parts = [
      (min(share, source.count), 0..<source.count),
      (min(share, shots.count), source.count..<labelledCount),
      (min(whole / 2, others.count), labelledCount..<labelledCount + others.count),
    ]
    values = run.values + (others.count > 0 ? run.start.input.values(of: others.features) : [])
    let tape = Tape(mode: .training, key: key.child("tape"))
    scope = Scope(run.weights)
    samples = tape.input([parts.reduce(0) { $0 + $1.batch }] + run.start.input.shape)
    let (first, second) = (parts[0].batch, parts[0].batch + parts[1].batch)
    labels = tape.indices(second)
    let features = network.backbone.features(of: samples, in: scope)
    labelled = features.slice(0..<second, along: .first)
    self.source = features.slice(0..<first, along: .first)
    self.shots = features.slice(first..<second, along: .first)
    self.unlabelled =
      others.count > 0
      ? features.slice(second..<second + parts[2].batch, along: .first) : nil
  }

  /// Tunes the network for the steps of its budget.
  func tune(minimizing loss: Variable) {
    let team = Team()
    let program = Program(minimizing: loss, team: team)
    let training = NetworkTraining()
    let optimizer = SGD(
      run.weights, rate: Float(run.budget.rate), momentum: Float(training.momentum),
      decay: Float(training.decay), groups: run.usualGroups)
    var batches = parts.enumerated().filter { $1.batch > 0 }.map { place, part in
      Minibatches(of: part.rows.count, size: part.batch, key: key.child("batches", place))
    }
    for _ in 0..<run.steps {
      let rows = batches.indices.flatMap { place in
        batches[place].next().map { parts[place].rows.lowerBound + $0 }
      }
      program.set(samples, rows: rows, of: values)
      labels.set(rows.prefix(labels.count).map { run.shotOutputs[$0] })
      program.forward()
      program.backward()
      optimizer.step(team: team)
    }
  }
}

extension LabelledSample {
  /// A network that nothing trained, whose input is fitted to this sample.
  func untrained(_ network: NetworkChoice, key: RandomKey) throws(MethodError) -> NetworkClassifier
  {
    .untrained(
      network, input: try beginning(of: network, isPretrained: false).input, key: key)
  }
}
