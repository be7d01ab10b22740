import CKernels

/// x z, number by number.
final class ElementwiseProduct: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  let sharing = MemorySharing.overwriting

  init(_ one: Variable, _ other: Variable) {
    precondition(one.shape == other.shape, "Variables that are multiplied have the same shape.")
    operands = [one, other].map { Operand($0.node) }
    output = Variable.output(one.shape, of: operands)
  }

  func forward(_ team: Team) {
    team.split(output.count, width: 2) { range in
      ck_products_f32(
        range.count, operands[0].value.from(range.lowerBound),
        operands[1].value.from(range.lowerBound), output.value.from(range.lowerBound))
    }
  }

  func backward(_ team: Team) {
    // The first operand's gradient may lie where the output's does: it comes last.
    slopes(of: operands[1], operands[0], team)
    slopes(of: operands[0], operands[1], team)
  }

  private func slopes(of operand: Operand, _ other: Operand, _ team: Team) {
    guard operand.wantsGradient else { return }
    team.split(output.count, width: 2) { range in
      ck_products_f32(
        range.count, output.gradient.from(range.lowerBound), other.value.from(range.lowerBound),
        operand.gradient.from(range.lowerBound))
    }
  }
}

extension Variable {
  /// The product of two variables of one shape, number by number.
  public static func * (one: Variable, other: Variable) -> Variable {
    one.tape.record(ElementwiseProduct(one, other))
  }
}
