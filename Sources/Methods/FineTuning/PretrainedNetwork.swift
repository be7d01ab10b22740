import Domains
import Learners
import LinearAlgebra
import Networks
import Randomness

extension LabelledSample {
  /// The network trained on this sample: what fine-tuning and feature extraction begin with.
  ///
  /// A pre-trained network is given, not drawn: its key depends on the network alone, so that all
  /// methods begin with the same bits, whichever asks first.
  func pretrained(_ network: NetworkChoice) throws(MethodError) -> NetworkClassifier {
    let name = "pre-trained \(network.rawValue)"
    return try MethodError.learning { () throws(LearnerError) in
      try shared.once(name, bytes: NetworkClassifier.sharedBytes) { () throws(LearnerError) in
        try NetworkLearner(network).fit(
          features: features, labels: labels, classCount: classCount, weights: nil,
          key: RandomKey(seed: 0).child(name))
      }
    }
  }
}

extension LabelledSample {
  /// How a network begins that is trained further on this sample: its input, and the weights before
  /// its last layer where it begins as the sample trained it to classify.
  func beginning(
    of network: NetworkChoice, isPretrained: Bool
  ) throws(MethodError) -> (input: NetworkInput, trunk: WeightSnapshot?) {
    guard features.isFinite else { throw .learner(.notFinite) }
    if isPretrained {
      let start = try pretrained(network)
      return (start.input, start.trunk)
    }
    let input = try MethodError.learning { () throws(LearnerError) in
      try NetworkInput(network, fittedTo: features)
    }
    return (input, nil)
  }
}

extension NetworkClassifier {
  /// What a network counts for among shared work, in bytes: about the most that one takes.
  static let sharedBytes = 4 << 20

  /// The weights before the last layer.
  var trunk: WeightSnapshot {
    let head = network.backbone.headName + "."
    return WeightSnapshot(
      zip(weights.names, weights.tensors).filter { !$0.0.hasPrefix(head) }
        .map { (name: $0.0, tensor: $0.1) })
  }

  /// A network with the weights that it begins with, and a last layer of one output.
  static func untrained(
    _ network: NetworkChoice, input: NetworkInput, key: RandomKey
  ) -> NetworkClassifier {
    let store = Weights(key: key)
    let tape = Tape(mode: .inference)
    _ = network.backbone.logits(
      of: tape.input([1] + input.shape), classes: 1, in: Scope(store))
    return NetworkClassifier(
      network, input: input, weights: store.snapshot, classes: [0], classCount: 1)
  }

  /// What layers compute of n samples, before any activation: for each of the kernels named, an
  /// array of n × the layer's shape.
  func outputs(of features: Matrix<Double>, atKernels names: [String]) -> [Tensor] {
    let batch = NetworkClassifier.batchSize
    let store = Weights(key: RandomKey(seed: 0))
    let tape = Tape(mode: .inference)
    let samples = tape.input([batch] + input.shape)
    _ = network.backbone.features(of: samples, in: Scope(store))
    store.snapshot = trunk
    let layers = names.map { name in
      guard let weight = store[name], let output = tape.output(of: weight) else {
        preconditionFailure("The network has a layer of this name: \(name).")
      }
      return output
    }
    guard !layers.isEmpty else { return [] }
    let program = Program(computing: layers, team: Team())
    let values = input.values(of: features)
    var results = layers.map { _ in [Float]() }
    for start in stride(from: 0, to: features.rows, by: batch) {
      let rows = Array(start..<min(start + batch, features.rows))
      program.set(samples, rows: rows, of: values)
      program.forward()
      for (place, layer) in layers.enumerated() {
        let width = layer.shape.dropFirst().reduce(1, *)
        results[place] += program.value(of: layer).values.prefix(rows.count * width)
      }
    }
    return zip(layers, results).map { Tensor([features.rows] + $0.shape.dropFirst(), $1) }
  }
}

/// A part of a network that is thawed, frozen or chosen as a whole: a layer, or a stage of layers.
struct WeightBlock {
  /// How the names of its weights begin.
  let name: String
  /// Its weights, statistics among them.
  let weights: [Weight]

  /// Its kernels.
  var kernels: [Weight] { weights.filter { $0.role == .kernel } }
}

extension Weights {
  /// The blocks before the last layer, from the input on.
  ///
  /// A block is what the names share up to the first point, or the second where the first tells
  /// nothing apart; a normalisation belongs to the block before it.
  func blocks(before head: String) -> [WeightBlock] {
    let trunk = all.filter { !$0.name.hasPrefix(head + ".") }
    func prefix(_ weight: Weight, _ depth: Int) -> String {
      weight.name.split(separator: ".").prefix(depth).joined(separator: ".")
    }
    let depth = Set(trunk.map { prefix($0, 1) }).count > 1 ? 1 : 2
    var parts: [(name: String, weights: [Weight])] = []
    for weight in trunk {
      let name = prefix(weight, depth)
      if parts.last?.name == name {
        parts[parts.count - 1].weights.append(weight)
      } else {
        parts.append((name, [weight]))
      }
    }
    var blocks: [WeightBlock] = []
    for part in parts {
      if let last = blocks.last, !part.weights.contains(where: { $0.role == .kernel }) {
        blocks[blocks.count - 1] = WeightBlock(
          name: last.name, weights: last.weights + part.weights)
      } else {
        blocks.append(WeightBlock(name: part.name, weights: part.weights))
      }
    }
    return blocks
  }
}
