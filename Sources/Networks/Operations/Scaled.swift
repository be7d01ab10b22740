import CKernels

/// c x, with a factor that is read in each run; it takes no part in gradients.
final class Scaled: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  let sharing = MemorySharing.overwriting
  private let factor: Coefficient

  init(_ input: Variable, factor: Coefficient) {
    operands = [Operand(input.node)]
    output = Variable.output(input.shape, of: operands)
    self.factor = factor
  }

  func forward(_ team: Team) {
    team.split(output.count) { range in
      ck_scaled_f32(
        range.count, factor.value, operands[0].value.from(range.lowerBound),
        output.value.from(range.lowerBound))
    }
  }

  func backward(_ team: Team) {
    team.split(output.count) { range in
      ck_scaled_f32(
        range.count, factor.value, output.gradient.from(range.lowerBound),
        operands[0].gradient.from(range.lowerBound))
    }
  }
}

extension Variable {
  /// The variable times a factor.
  public func scaled(by factor: Float) -> Variable { scaled(by: Coefficient(factor)) }

  /// The variable times a factor that may change between steps.
  public func scaled(by factor: Coefficient) -> Variable {
    tape.record(Scaled(self, factor: factor))
  }
}
