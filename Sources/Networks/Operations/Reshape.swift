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

  func forward(_ team: Team) {}

  func backward(_ team: Team) {
    let gradient = operands[0].gradient
    guard gradient.baseAddress != output.gradient.baseAddress else { return }
    _ = gradient.update(from: output.gradient)
  }
}

extension Variable {
  /// The same numbers in another shape, without a copy.
  public func reshaped(_ shape: [Int]) -> Variable { tape.record(Reshape(self, shape: shape)) }

  /// Each sample's numbers in a row: [samples, features].
  public func flattened() -> Variable {
    reshaped([shape[0], shape.dropFirst().reduce(1, *)])
  }
}
