import Glibc
public import LinearAlgebra
public import Networks
internal import Randomness

/// A fitted network with its classes.
public struct NetworkClassifier: Classifier {
  /// The samples that are computed at once, so that no sample's answer depends on how many there
  /// are, nor on its place: a multiple of the rows that oneDNN's kernels take together, whose rest
  /// they add up in another order (with AVX2, 64 has one).
  public static let batchSize = 96
  /// The network.
  public let network: NetworkChoice
  /// How samples become its input.
  public let input: NetworkInput
  /// Its weights.
  public let weights: WeightSnapshot
  /// The class of each of its outputs, ascending.
  public let classes: [Int]
  /// C, the number of classes of the task.
  public let classCount: Int
  /// The domain whose statistics its normalisations use, where they keep some for each.
  public let domain: String?

  /// A classifier of these weights.
  public init(
    _ network: NetworkChoice, input: NetworkInput, weights: WeightSnapshot, classes: [Int],
    classCount: Int, domain: String? = nil
  ) {
    self.network = network
    self.input = input
    self.weights = weights
    self.classes = classes
    self.classCount = classCount
    self.domain = domain
  }

  /// The class probabilities of n samples, n × C: the softmax of the network's outputs.
  public func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    let logits = outputs(of: features) { features, scope in
      network.backbone.head(on: features, classes: classes.count, in: scope)
    }
    var result = Matrix<Double>(rows: features.rows, columns: classCount)
    for row in 0..<features.rows {
      let own = logits[row * classes.count..<(row + 1) * classes.count].map { Double($0) }
      let greatest = own.max() ?? 0
      let masses = own.map { exp($0 - greatest) }
      let total = masses.reduce(0, +)
      for (mass, label) in zip(masses, classes) { result[row, label] = mass / total }
    }
    return result
  }

  /// The features of n samples before the classifier, n × k.
  public func features(of features: Matrix<Double>) -> Matrix<Double> {
    let outputs = outputs(of: features) { features, _ in features }
    return Matrix(
      rows: features.rows, columns: features.rows > 0 ? outputs.count / features.rows : 0,
      elements: outputs.map { Double($0) })
  }

  /// What the network computes of each sample, batch by batch.
  private func outputs(
    of features: Matrix<Double>, _ record: (Variable, Scope) -> Variable
  ) -> [Float] {
    guard features.rows > 0 else { return [] }
    // Always the same: products of other shapes are added up in another order.
    let batch = Self.batchSize
    let store = Weights(key: RandomKey(seed: 0))
    let scope = Scope(store, domain: domain)
    let tape = Tape(mode: .inference)
    let images = tape.input([batch] + input.shape)
    let output = record(network.backbone.features(of: images, in: scope), scope)
    store.snapshot = weights
    let program = Program(computing: [output], team: Team())
    let count = input.shape.reduce(1, *)
    let width = output.shape.dropFirst().reduce(1, *)
    let values = input.values(of: features)
    var outputs: [Float] = []
    outputs.reserveCapacity(features.rows * width)
    for start in stride(from: 0, to: features.rows, by: batch) {
      let rows = min(batch, features.rows - start)
      program.set(images) { memory in
        for place in 0..<rows * count { memory[place] = values[start * count + place] }
      }
      program.forward()
      outputs += program.value(of: output).values.prefix(rows * width)
    }
    return outputs
  }
}
