public import Domains
public import Learners
import LinearAlgebra
import Networks
import Randomness

extension LabelledSample {
  /// The network trained on this sample: what fine-tuning and feature extraction begin with.
  ///
  /// A pre-trained network is given, not drawn: its key depends on the network alone, so that all
  /// methods begin with the same bits, whichever asks first.
  func pretrained(_ network: NetworkChoice) throws(MethodError) -> NetworkClassifier {
    let name = Self.pretrainedName(network)
    return try MethodError.learning { () throws(LearnerError) in
      try shared.once(name, bytes: NetworkClassifier.sharedBytes) { () throws(LearnerError) in
        try NetworkLearner(network).fit(
          features: features, labels: labels, classCount: classCount, weights: nil,
          key: RandomKey(seed: 0).child(name))
      }
    }
  }

  /// Lets methods begin with a file's weights, in place of a network trained on this sample.
  ///
  /// The layers before the last are the file's; the last is a logistic regression of this sample's
  /// labels on their features, so that the network knows the source's classes. Samples become its
  /// input as they do for a network trained on them, by this sample's means and deviations.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - path: a `.safetensors` or `.npz` file of its weights; a head of any classes is left.
  ///   - checksum: the file's SHA-256; any where nil.
  /// - Throws: `MethodError.weightFile`, `.missingWeights`, `.weightShape` or `.learner`.
  public func begin(
    _ network: NetworkChoice, withFile path: String, checksum: String? = nil
  ) throws(MethodError) {
    guard pretrainedNetwork(network) == nil else { return }
    let weights: WeightSnapshot
    do throws(DomainError) {
      let found = try Checksum.sha256(file: path)
      guard checksum == nil || found == checksum else {
        throw .wrongChecksum(path: path, expected: checksum ?? "", found: found)
      }
      weights = try WeightSnapshot(contentsOf: path)
    } catch {
      throw .weightFile(error)
    }
    try begin(network, with: weights)
  }

  func begin(_ network: NetworkChoice, with weights: WeightSnapshot) throws(MethodError) {
    let name = Self.pretrainedName(network)
    let input = try MethodError.learning { () throws(LearnerError) in
      try NetworkInput(network, fittedTo: features)
    }
    let head = network.backbone.headName
    let trunk = weights.without(layer: head)
    let classes = Set(labels).sorted()
    let store = Weights()
    _ = network.backbone.logits(
      of: Tape(mode: .inference).input([1] + input.shape), classes: classes.count,
      in: Scope(store))
    let own = store.all.filter { $0.name.hasPrefix(head + ".") }.map { ($0.name, $0.shape) }
    do {
      try store.check(zip(trunk.names, trunk.tensors).map { ($0, $1.shape) } + own)
    } catch {
      switch error {
      case .missing(let array): throw .missingWeights(name: array, network: network.rawValue)
      case .shape(let array, let expected, let found):
        throw .weightShape(
          name: array, network: network.rawValue, expected: expected, found: found)
      }
    }
    store.snapshot = trunk
    func classifier() -> NetworkClassifier {
      NetworkClassifier(
        network, input: input, weights: store.snapshot, classes: classes, classCount: classCount)
    }
    try store.probe(
      head: head, classes: classes, with(features: classifier().features(of: features)),
      key: RandomKey(seed: 0).child(name))
    shared.keep(classifier(), as: name, bytes: 4 << 20, seconds: 0)
  }

  /// The network that this sample trained or was given, and the seconds that it took; nil before a
  /// method asked for it.
  func pretrainedNetwork(
    _ network: NetworkChoice
  ) -> (value: NetworkClassifier, seconds: Double)? {
    shared.existing(Self.pretrainedName(network), as: NetworkClassifier.self)
  }

  /// Gives this sample the network that it trained before, in so many seconds.
  func restore(_ network: NetworkChoice, weights: WeightSnapshot, seconds: Double) {
    guard let input = try? NetworkInput(network, fittedTo: features) else { return }
    let classes = Set(labels).sorted()
    let store = Weights()
    _ = network.backbone.logits(
      of: Tape(mode: .inference).input([1] + input.shape), classes: classes.count,
      in: Scope(store))
    guard (try? store.load(weights)) != nil else { return }
    shared.keep(
      NetworkClassifier(
        network, input: input, weights: store.snapshot, classes: classes, classCount: classCount),
      as: Self.pretrainedName(network), bytes: 4 << 20, seconds: seconds)
  }

  private static func pretrainedName(_ network: NetworkChoice) -> String {
    "pre-trained \(network.rawValue)"
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
  var trunk: WeightSnapshot { weights.without(layer: network.backbone.headName) }

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

  /// The layers before the last that have a kernel, and the kernels' names, from the input on.
  var kernels: [(layer: String, name: String)] {
    let store = Weights()
    _ = network.backbone.features(
      of: Tape(mode: .inference).input([1] + input.shape), in: Scope(store))
    return store.all.filter { $0.role == .kernel }.map { weight in
      (weight.name.split(separator: ".").dropLast().joined(separator: "."), weight.name)
    }
  }

  /// The name of a layer's kernel.
  func kernel(ofLayer layer: String) throws(MethodError) -> String {
    guard let kernel = kernels.first(where: { $0.layer == layer }) else {
      throw .unknownLayer(name: layer, known: kernels.map(\.layer))
    }
    return kernel.name
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

extension WeightSnapshot {
  /// The arrays of all other layers.
  func without(layer: String) -> WeightSnapshot {
    WeightSnapshot(
      zip(names, tensors).filter { !$0.0.hasPrefix(layer + ".") }
        .map { (name: $0.0, tensor: $0.1) })
  }
}

extension Weights {
  /// Lets the last layer be a logistic regression on a sample's features; output k is of class
  /// `classes[k]`.
  func probe(
    head: String, classes: [Int], _ sample: LabelledSample, key: RandomKey
  ) throws(MethodError) {
    let probe = try MethodError.learning { () throws(LearnerError) in
      try LogisticRegression().fit(
        features: sample.features, labels: sample.labels, classCount: sample.classCount,
        weights: nil, key: key)
    }
    for weight in all where weight.name.hasPrefix(head + ".") {
      weight.tensor = Tensor(
        weight.shape,
        classes.flatMap { label in
          weight.role == .bias
            ? [Float(probe.intercepts[label])] : probe.weights.row(label).map { Float($0) }
        })
    }
  }

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
