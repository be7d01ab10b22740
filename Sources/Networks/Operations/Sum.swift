import CKernels

/// The sum of two variables of one shape, as at the end of a residual block.
final class Sum: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  let sharing = MemorySharing.overwriting

  init(_ one: Variable, _ other: Variable) {
    precondition(one.shape == other.shape, "The summands have one shape.")
    operands = [Operand(one.node), Operand(other.node)]
    output = Variable.output(one.shape, of: operands)
  }

  func forward(_ team: Team) {
    team.split(output.count) { range in
      ck_sum_f32(
        range.count, operands[0].value.from(range.lowerBound),
        operands[1].value.from(range.lowerBound), output.value.from(range.lowerBound))
    }
  }

  func backward(_ team: Team) {
    for operand in operands.reversed() where operand.wantsGradient {
      guard operand.gradient.baseAddress != output.gradient.baseAddress else { continue }
      team.split(output.count) { range in
        ck_scaled_f32(
          range.count, 1, output.gradient.from(range.lowerBound),
          operand.gradient.from(range.lowerBound))
      }
    }
  }
}

extension Variable {
  /// The sum, number by number.
  public static func + (one: Variable, other: Variable) -> Variable {
    one.tape.record(Sum(one, other))
  }
}
