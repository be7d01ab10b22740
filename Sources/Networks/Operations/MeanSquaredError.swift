import CKernels

/// The mean of (x − z)², of all numbers.
///
/// ```
/// ∂L/∂x = 2 (x − z) / n = −∂L/∂z
/// ```
final class MeanSquaredError: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs

  init(_ one: Variable, _ other: Variable) {
    precondition(one.shape == other.shape, "Variables that are compared have the same shape.")
    operands = [one, other].map { Operand($0.node) }
    output = Variable.output([], of: operands)
  }

  func forward(_ team: Team) {
    let (x, z) = (operands[0].value, operands[1].value)
    let sum = ck_squared_difference_f32(x.count, x.baseAddress, z.baseAddress)
    output.value[0] = Float(sum / Double(max(x.count, 1)))
  }

  func backward(_ team: Team) {
    let (x, z) = (operands[0].value, operands[1].value)
    let factor = 2 * output.gradient[0] / Float(max(x.count, 1))
    for (place, operand) in operands.enumerated() where operand.wantsGradient {
      let sign: Float = place == 0 ? 1 : -1
      team.split(x.count, width: 2) { range in
        ck_scaled_difference_f32(
          range.count, sign * factor, x.from(range.lowerBound), z.from(range.lowerBound),
          operand.gradient.from(range.lowerBound))
      }
    }
  }
}

extension Variable {
  /// The mean squared difference from another variable of the same shape.
  public func meanSquaredError(_ targets: Variable) -> Variable {
    tape.record(MeanSquaredError(self, targets))
  }
}
