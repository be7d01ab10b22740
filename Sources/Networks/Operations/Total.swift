import CKernels

/// The sum of all numbers times a factor; added up in double precision.
final class Total: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let factor: Double

  init(_ input: Variable, factor: Double) {
    operands = [Operand(input.node)]
    output = Variable.output([], of: operands)
    self.factor = factor
  }

  func forward(_ team: Team) {
    let x = operands[0].value
    output.value[0] = Float(factor * ck_total_f32(x.count, x.baseAddress))
  }

  func backward(_ team: Team) {
    operands[0].gradient.update(repeating: Float(factor) * output.gradient[0])
  }
}

extension Variable {
  /// The mean of all numbers.
  public func mean() -> Variable {
    tape.record(Total(self, factor: 1 / Double(max(node.count, 1))))
  }

  /// The sum of all numbers.
  public func sum() -> Variable { tape.record(Total(self, factor: 1)) }
}
