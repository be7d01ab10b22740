public import LinearAlgebra
public import Networks
public import Randomness

/// A network trained from scratch with stochastic gradient descent.
///
/// ```
/// minimise over w:  Σ_i −log softmax(f(x_i; w))_(y_i)  +  λ/2 ‖w‖²              (1)
/// ```
///
/// Steps of mini-batches with momentum at a constant rate. It can't weigh its samples.
///
/// - Complexity: the network's, a step of forward and backward pass for each batch.
public struct NetworkLearner: Learner {
  /// Counted up with every change of the weights that the same samples lead to.
  public static let edition = 1
  /// The network.
  public var network: NetworkChoice
  /// How it is trained.
  public var training = NetworkTraining()

  /// A learner of this network.
  public init(_ network: NetworkChoice) { self.network = network }

  /// Trains the network.
  ///
  /// - Throws: `noSamples`, `notFinite`, `weightsUnsupported` or `notImages`.
  public func fit(
    features: Matrix<Double>, labels: [Int], classCount: Int, weights: [Double]?, key: RandomKey
  ) throws(LearnerError) -> NetworkClassifier {
    guard weights == nil else { throw .weightsUnsupported(learner: network.rawValue) }
    let set = try TrainingSet(features: features, labels: labels, classCount: classCount)
    let input = try NetworkInput(network, fittedTo: set.features)
    let batch = min(training.batchSize, set.labels.count)
    let store = Weights(key: key.child("weights"))
    let tape = Tape(mode: .training, key: key.child("tape"))
    let samples = tape.input([batch] + input.shape)
    let classes = tape.indices(batch)
    let loss = network.backbone
      .logits(of: samples, classes: set.classes.count, in: Scope(store)).crossEntropy(classes)
    let team = Team()
    let program = Program(minimizing: loss, team: team)
    let optimizer = SGD(
      store, rate: Float(training.rate), momentum: Float(training.momentum),
      decay: Float(training.decay))
    let values = input.values(of: set.features)
    var batches = Minibatches(of: set.labels.count, size: batch, key: key.child("batches"))
    for _ in 0..<training.steps(samples: set.labels.count) {
      let rows = batches.next()
      program.set(samples, rows: rows, of: values)
      classes.set(rows.map { set.labels[$0] })
      program.forward()
      program.backward()
      optimizer.step(team: team, factor: 1)
    }
    return NetworkClassifier(
      network, input: input, weights: store.snapshot, classes: set.classes,
      classCount: classCount)
  }
}

extension Program {
  /// Sets an input, from its `start`th sample on, to these rows of samples that lie one after
  /// another.
  public func set(_ input: Variable, from start: Int = 0, rows: [Int], of values: [Float]) {
    let width = input.shape.dropFirst().reduce(1, *)
    set(input) { memory in
      values.withUnsafeBufferPointer { values in
        for (place, row) in rows.enumerated() {
          let to = (start + place) * width
          _ = memory[to..<to + width].update(
            fromContentsOf: values[row * width..<(row + 1) * width])
        }
      }
    }
  }
}
