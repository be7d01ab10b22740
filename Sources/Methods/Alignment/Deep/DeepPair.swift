import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness

/// What the deep alignment methods share: a tape that takes a batch of the source and one of the
/// target in each step, and the loop of the steps.
///
/// The samples of a step are the source's batch, then the target's, of the same size.
struct DeepPair {
  let network: NetworkChoice
  let weights: Weights
  let tape: Tape
  /// The samples of both batches.
  let samples: Variable
  /// The classes of the source's batch.
  let labels: Indices
  /// 0 for each sample of the source, 1 for each of the target.
  let domains: Indices
  /// The samples of each domain in a step.
  let batch: Int
  /// The class of each output of the classifier.
  let classes: [Int]
  let team = Team()

  private let input: NetworkInput
  private let sourceValues: [Float]
  private let targetValues: [Float]
  private let sourceLabels: [Int]
  private let classCount: Int
  private let steps: Int
  private let key: RandomKey

  /// The tape for two domains, whose inputs are made as the source's are.
  init(
    _ network: NetworkChoice, source: LabelledSample, target: UnlabelledSample,
    training: NetworkTraining, key: RandomKey
  ) throws(MethodError) {
    guard source.count > 0 else { throw .learner(.noSamples) }
    guard target.count > 0 else {
      throw .notApplicable(reason: "there is no target sample to align with")
    }
    guard source.features.isFinite, target.features.isFinite else { throw .learner(.notFinite) }
    self.network = network
    self.key = key
    input = try MethodError.learning { () throws(LearnerError) in
      try NetworkInput(network, fittedTo: source.features)
    }
    classes = Set(source.labels).sorted()
    let outputs = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    sourceLabels = source.labels.compactMap { outputs[$0] }
    classCount = source.classCount
    batch = min(training.batchSize, source.count, target.count)
    steps = training.steps(samples: max(source.count, target.count))
    sourceValues = input.values(of: source.features)
    targetValues = input.values(of: target.features)
    weights = Weights(key: key.child("weights"))
    tape = Tape(mode: .training, key: key.child("tape"))
    samples = tape.input([2 * batch] + input.shape)
    labels = tape.indices(batch)
    domains = tape.indices(2 * batch)
    domains.set((0..<2 * batch).map { $0 / batch })
  }

  /// Runs all steps; before each, `adjust` is told its number and how many there are.
  func train(
    _ program: Program, _ optimizer: some Optimizer, adjust: (Int, Int) -> Void
  ) {
    var sourceBatches = Minibatches(
      of: sourceLabels.count, size: batch, key: key.child("source batches"))
    var targetBatches = Minibatches(
      of: targetValues.count / input.shape.reduce(1, *), size: batch,
      key: key.child("target batches"))
    for step in 0..<steps {
      adjust(step, steps)
      let rows = sourceBatches.next()
      program.set(samples, rows: rows, of: sourceValues)
      program.set(samples, from: batch, rows: targetBatches.next(), of: targetValues)
      labels.set(rows.map { sourceLabels[$0] })
      program.forward()
      program.backward()
      optimizer.step(team: team, factor: 1)
    }
  }

  /// The network as it is now.
  var classifier: NetworkClassifier {
    NetworkClassifier(
      network, input: input, weights: weights.snapshot, classes: classes, classCount: classCount)
  }
}
