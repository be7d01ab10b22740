/// What a tape knows of a variable: its shape, and where its numbers lie once memory is planned.
final class Node {
  let shape: [Int]
  let count: Int
  /// Whether the loss's gradient with respect to it is wanted.
  let isDifferentiable: Bool
  /// The weight whose numbers these are, where they are a weight's.
  let weight: Weight?
  var value = Floats(start: nil, count: 0)
  var gradient = Floats(start: nil, count: 0)

  init(shape: [Int], isDifferentiable: Bool, weight: Weight? = nil) {
    self.shape = shape
    self.count = shape.product
    self.isDifferentiable = isDifferentiable
    self.weight = weight
    if let weight {
      value = weight.value.floats
      gradient = weight.gradient.floats
    }
  }
}

/// A variable as an operation reads it.
final class Operand {
  let node: Node
  /// Where the operation stores the gradient with respect to this operand; empty where nobody
  /// wants it.
  var gradient = Floats(start: nil, count: 0)

  init(_ node: Node) { self.node = node }

  var value: Floats { node.value }
  var shape: [Int] { node.shape }
  var wantsGradient: Bool { node.isDifferentiable }
}

/// What an operation's backward rule reads beside its output's gradient.
struct BackwardReads: OptionSet {
  let rawValue: Int
  static let inputs = BackwardReads(rawValue: 1)
  static let output = BackwardReads(rawValue: 2)
}

/// How the memory of an operation's output may relate to that of its first operand.
enum MemorySharing {
  /// Apart.
  case none
  /// The output may be written over the operand, and its gradient over the output's.
  case overwriting
  /// The output is the operand in another shape.
  case view
}

/// A recorded operation: how its output is computed, and how gradients flow back through it.
///
/// A new operation is one class in one file, with the method of `Variable` that records it.
protocol Operation: AnyObject {
  /// What it reads: variables and weights.
  var operands: [Operand] { get }
  /// What it computes.
  var output: Node { get }
  /// What `backward` reads.
  var backwardReads: BackwardReads { get }
  /// Whether the output may lie where the first operand lies.
  var sharing: MemorySharing { get }
  /// The numbers of scratch memory that each half needs while it runs.
  var scratchCount: Int { get }

  /// Called once, when all memory has its place; `scratch` is shared with the other operations.
  func prepare(scratch: [Floats])
  /// Computes the output.
  func forward(_ team: Team)
  /// Stores the gradient of each operand that wants one, from `output.gradient`.
  func backward(_ team: Team)
}

extension Operation {
  var sharing: MemorySharing { .none }
  var scratchCount: Int { 0 }
  func prepare(scratch: [Floats]) {}
}
