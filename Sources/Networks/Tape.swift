public import Randomness

/// A computation as it is recorded: variables, and the operations between them.
///
/// A tape is recorded once and run many times, by one `Program`: so no step takes memory, and the
/// memory of a step is known before it runs.
///
/// ```swift
/// let weights = Weights(key: key)
/// let tape = Tape(mode: .training)
/// let images = tape.input([64, 784])
/// let digits = tape.indices(64)
/// let hidden = images.dense(Scope(weights)("hidden"), 256).relu()
/// let loss = hidden.dense(Scope(weights)("output"), 10).crossEntropy(digits)
/// let program = Program(minimizing: loss, team: Team())
/// ```
public final class Tape {
  /// Whether layers that differ between the two behave as in training or as in use.
  public enum Mode: Sendable {
    /// Batch statistics, dropout.
    case training
    /// Running statistics, no dropout.
    case inference
  }

  /// How layers behave that differ between training and use.
  public let mode: Mode
  private(set) var operations: [any Operation] = []
  private var nodesByWeight: [ObjectIdentifier: Node] = [:]
  /// How many steps were run: what draws of dropout depend on.
  var step = 0
  /// Whether a program has given its variables memory.
  var isTaken = false
  /// With which probability batch normalisation takes a channel's statistics of the batch in
  /// training, and not its running ones (Kou et al., NeurIPS 2020); 1 where it always does.
  ///
  /// Holds for what is recorded afterwards.
  public var batchStatisticsShare: Float = 1
  private let key: RandomKey
  private var draws = 0

  /// An empty tape; the key is for what is drawn in each step, such as dropout.
  public init(mode: Mode, key: RandomKey = RandomKey(seed: 0)) {
    self.mode = mode
    self.key = key
  }

  /// A variable whose values are set before each run.
  ///
  /// Where it is differentiable, a backward pass leaves its gradient.
  public func input(_ shape: [Int], isDifferentiable: Bool = false) -> Variable {
    Variable(tape: self, node: Node(shape: shape, isDifferentiable: isDifferentiable))
  }

  /// So many integers that are set before each run: classes, tokens.
  public func indices(_ count: Int) -> Indices { Indices(count: count) }

  /// The variable that has a weight's value.
  func variable(_ weight: Weight) -> Variable {
    if let node = nodesByWeight[ObjectIdentifier(weight)] {
      return Variable(tape: self, node: node)
    }
    let node = Node(shape: weight.shape, isDifferentiable: weight.isTrained, weight: weight)
    nodesByWeight[ObjectIdentifier(weight)] = node
    return Variable(tape: self, node: node)
  }

  /// Lets a variable stand for a weight in what is recorded afterwards.
  func replace(_ weight: Weight, by variable: Variable) {
    nodesByWeight[ObjectIdentifier(weight)] = variable.node
  }

  /// What the layer that has this weight computed, before any activation; nil where no layer has.
  public func output(of weight: Weight) -> Variable? {
    guard let node = nodesByWeight[ObjectIdentifier(weight)] else { return nil }
    let layer = operations.first { $0.operands.contains { $0.node === node } }
    return layer.map { Variable(tape: self, node: $0.output) }
  }

  /// Appends an operation; returns its output.
  func record(_ operation: some Operation) -> Variable {
    operations.append(operation)
    return Variable(tape: self, node: operation.output)
  }

  /// A key for an operation that draws.
  func nextKey() -> RandomKey {
    draws += 1
    return key.child("draw", draws)
  }
}

/// A variable of a tape: an input, a weight, or what an operation computes.
public struct Variable {
  /// Where it is recorded.
  public let tape: Tape
  let node: Node

  /// The length of each axis.
  public var shape: [Int] { node.shape }

  /// A node for what an operation computes of these operands.
  static func output(_ shape: [Int], of operands: [Operand]) -> Node {
    Node(shape: shape, isDifferentiable: operands.contains { $0.wantsGradient })
  }
}

/// Integers that are set before each run.
public final class Indices {
  /// How many.
  public let count: Int
  let values: UnsafeMutableBufferPointer<Int32>

  init(count: Int) {
    self.count = count
    values = .allocate(capacity: count)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  /// Sets the integers, none of which is below `-1`.
  public func set(_ integers: some Collection<Int>) {
    precondition(integers.count == count, "There are as many indices as were declared.")
    for (place, integer) in integers.enumerated() { values[place] = Int32(integer) }
  }
}

/// A factor that may change between steps, such as a trade-off that grows.
public final class Coefficient {
  /// The factor of the next run.
  public var value: Float

  /// A factor that begins so.
  public init(_ value: Float) { self.value = value }
}
