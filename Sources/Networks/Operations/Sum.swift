import CKernels

/// x + z; in place of x where nobody reads x afterwards.
final class Sum: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  let sharing = MemorySharing.overwriting

  init(_ one: Variable, _ other: Variable) {
    precondition(one.shape == other.shape, "Variables that are added have the same shape.")
    operands = [one, other].map { Operand($0.node) }
    output = Variable.output(one.shape, of: operands)
  }

  func forward(_ team: Team) {
    team.split(output.count, width: 2) { range in
      ck_sum_f32(
        range.count, operands[0].value.from(range.lowerBound),
        operands[1].value.from(range.lowerBound), output.value.from(range.lowerBound))
    }
  }

  func backward(_ team: Team) {
    for operand in operands where operand.wantsGradient {
      team.split(output.count) { operand.gradient.take(output.gradient, $0) }
    }
  }
}

extension Variable {
  /// The sum of two variables of one shape, such as a residual connection or two losses.
  public static func + (one: Variable, other: Variable) -> Variable {
    one.tape.record(Sum(one, other))
  }
}
