import CKernels

/// The same numbers, whose gradient goes back times −λ (Ganin et al., JMLR 2016, equation 14).
///
/// ```
/// y = x,   ∂L/∂x = −λ ∂L/∂y
/// ```
final class GradientReversal: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  let sharing = MemorySharing.view
  private let coefficient: Coefficient

  init(_ input: Variable, coefficient: Coefficient) {
    operands = [Operand(input.node)]
    output = Variable.output(input.shape, of: operands)
    self.coefficient = coefficient
  }

  func forward(_ team: Team) { output.value.take(operands[0].value) }

  func backward(_ team: Team) {
    team.split(output.count) { range in
      ck_scaled_f32(
        range.count, -coefficient.value, output.gradient.from(range.lowerBound),
        operands[0].gradient.from(range.lowerBound))
    }
  }
}

extension Variable {
  /// The same numbers; gradients that flow back through are multiplied by −λ.
  public func reversingGradient(_ coefficient: Coefficient) -> Variable {
    tape.record(GradientReversal(self, coefficient: coefficient))
  }
}
