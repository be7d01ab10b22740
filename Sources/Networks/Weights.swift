public import Randomness

/// An array that a network learns, or a statistic that it keeps.
public final class Weight {
  /// The name, in torchvision's or Hugging Face's terms: `layer1.0.conv1.weight`.
  public let name: String
  /// The shape, in PyTorch's order of axes.
  public let shape: [Int]
  /// What it is for.
  public let role: Role
  /// Whether training leaves it as it is.
  public var isFrozen = false
  /// How often the numbers were changed.
  var changes = 0
  let value: Storage
  let gradient: Storage

  /// What a weight is for.
  public enum Role: Sendable {
    /// A matrix or kernel that products are taken with.
    case kernel
    /// Numbers that are added.
    case bias
    /// Factors of a normalisation.
    case scale
    /// A statistic that is kept, not learnt: a running mean or variance.
    case statistic
  }

  init(name: String, shape: [Int], role: Role) {
    self.name = name
    self.shape = shape
    self.role = role
    value = Storage(count: shape.product)
    gradient = Storage(count: role == .statistic ? 0 : shape.product)
  }

  /// The numbers.
  public var tensor: Tensor {
    get { Tensor(shape, Array(value.floats)) }
    set {
      precondition(newValue.shape == shape, "A weight keeps its shape.")
      _ = value.floats.update(from: newValue.values)
      changes += 1
    }
  }

  /// The gradient that the last backward pass left.
  public var gradientTensor: Tensor {
    Tensor(
      shape, role == .statistic ? Array(repeating: 0, count: shape.product) : Array(gradient.floats)
    )
  }

  var isTrained: Bool { role != .statistic && !isFrozen }
}

/// How a weight begins.
public enum Initialization: Sendable, Hashable {
  /// Uniform within ±1/√(fan-in), as PyTorch begins dense layers and convolutions.
  case uniformFanIn(Int)
  /// Normal with variance 2/fan (He et al., ICCV 2015).
  case heNormal(fan: Int)
  /// Normal with this standard deviation.
  case normal(Double)
  /// All the same.
  case constant(Float)

  func values(_ count: Int, key: RandomKey) -> [Float] {
    var stream = RandomStream(key)
    switch self {
    case .uniformFanIn(let fan):
      let bound = 1 / Double(max(fan, 1)).squareRoot()
      return (0..<count).map { _ in Float(stream.uniform(in: -bound..<bound)) }
    case .heNormal(let fan):
      let deviation = (2 / Double(max(fan, 1))).squareRoot()
      return (0..<count).map { _ in Float(deviation * stream.normal()) }
    case .normal(let deviation):
      return (0..<count).map { _ in Float(deviation * stream.normal()) }
    case .constant(let value):
      return Array(repeating: value, count: count)
    }
  }
}

/// The weights of a network by name, in the order in which the network names them.
///
/// Tapes share them: one records a network for training, another for inference. Not for use from
/// several threads; `snapshot` is.
public final class Weights {
  /// The weights in their order.
  public private(set) var all: [Weight] = []
  private var places: [String: Int] = [:]
  private let key: RandomKey?

  /// No weights yet: each begins as its layer says, drawn under the key's child of its name.
  public init(key: RandomKey) { self.key = key }

  /// No weights yet: each begins with zeros, to be loaded.
  ///
  /// Drawing a hundred million numbers takes longer than reading them.
  public init() { key = nil }

  /// The weight of this name, nil before a network named it.
  public subscript(name: String) -> Weight? { places[name].map { all[$0] } }

  /// The weight of this name and shape, which is made where there is none.
  func weight(
    _ name: String, _ shape: [Int], role: Weight.Role, _ initialization: Initialization
  ) -> Weight {
    if let weight = self[name] {
      precondition(
        weight.shape == shape, "\(name) is a weight of shape \(weight.shape), not \(shape).")
      return weight
    }
    let weight = Weight(name: name, shape: shape, role: role)
    if let key {
      _ = weight.value.floats.update(
        from: initialization.values(shape.product, key: key.child(name)))
    }
    places[name] = all.count
    all.append(weight)
    return weight
  }

  /// The numbers of all weights, to keep or to hand to another thread.
  public var snapshot: WeightSnapshot {
    get { WeightSnapshot(all.map { ($0.name, $0.tensor) }) }
    set { for weight in all { if let tensor = newValue[weight.name] { weight.tensor = tensor } } }
  }

  /// Freezes the weights whose names the predicate takes, and thaws the others.
  ///
  /// Holds for what is recorded afterwards.
  public func freeze(where isFrozen: (String) -> Bool) {
    for weight in all { weight.isFrozen = isFrozen(weight.name) }
  }

  /// Takes the arrays over, by name.
  ///
  /// Throws where a weight has no array or one of another shape, and takes none over then. Arrays
  /// that no weight is named after are left; their names are returned.
  @discardableResult
  public func load(_ arrays: WeightSnapshot) throws(WeightError) -> [String] {
    let extra = try check(zip(arrays.names, arrays.tensors).map { ($0, $1.shape) })
    snapshot = arrays
    return extra
  }

  /// Whether arrays of these names and shapes could be taken over; returns the names that no weight
  /// has.
  ///
  /// Throws where a weight has no array or one of another shape.
  @discardableResult
  public func check(
    _ arrays: [(name: String, shape: [Int])]
  ) throws(WeightError) -> [String] {
    let shapes = Dictionary(arrays.map { ($0.name, $0.shape) }) { first, _ in first }
    for weight in all {
      guard let shape = shapes[weight.name] else { throw .missing(weight.name) }
      guard shape == weight.shape else {
        throw .shape(weight.name, expected: weight.shape, found: shape)
      }
    }
    return arrays.map(\.name).filter { places[$0] == nil }
  }
}

/// Why weights can't be taken over.
public enum WeightError: Error, Hashable {
  /// No array has the weight's name.
  case missing(String)
  /// The array has another shape than the weight.
  case shape(String, expected: [Int], found: [Int])
}

/// Arrays by name, in an order: the weights of a network as a value.
public struct WeightSnapshot: Sendable, Hashable {
  /// The arrays in their order.
  public let tensors: [Tensor]
  /// Their names.
  public let names: [String]
  private let places: [String: Int]

  /// The arrays under their names, each of which occurs once.
  public init(_ arrays: [(name: String, tensor: Tensor)]) {
    names = arrays.map(\.name)
    tensors = arrays.map(\.tensor)
    places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  /// The array of this name.
  public subscript(name: String) -> Tensor? { places[name].map { tensors[$0] } }
}
