/// The same numbers in another shape.
final class Reshape: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  let sharing = MemorySharing.view

  init(_ input: Variable, shape: [Int]) {
    precondition(shape.product == input.node.count, "A reshaped variable keeps its numbers.")
    operands = [Operand(input.node)]
    output = Variable.output(shape, of: operands)
  }

  // A weight keeps its own memory: it is copied.
  func forward(_ team: Team) { output.value.take(operands[0].value) }

  func backward(_ team: Team) { operands[0].gradient.take(output.gradient) }
}

extension Variable {
  /// The same numbers in another shape, without a copy.
  public func reshaped(_ shape: [Int]) -> Variable { tape.record(Reshape(self, shape: shape)) }

  /// Each sample's numbers in a row: [samples, features].
  ///
  /// Those of an image are in PyTorch's order, which published weights of a dense layer count on:
  /// one channel after the other.
  public func flattened() -> Variable {
    let isImage = shape.count == 4 && shape[3] > 1 && shape[1] * shape[2] > 1
    let ordered = isImage ? tape.record(ChannelsFirst(self)) : self
    return ordered.reshaped([shape[0], shape.dropFirst().reduce(1, *)])
  }
}
