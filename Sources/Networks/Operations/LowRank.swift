/// W + s B A: a kernel and a product of low rank.
///
/// E. J. Hu et al. "LoRA: Low-Rank Adaptation of Large Language Models." ICLR 2022, equation 3.
///
/// ```
/// W' = W + s B A                                                         (1)
/// ∂L/∂B = s ∂L/∂W' Aᵀ,   ∂L/∂A = s Bᵀ ∂L/∂W',   ∂L/∂W = ∂L/∂W'           (2)
/// ```
///
/// W is outputs × the rest, whatever its axes; B is outputs × r, A is r × the rest.
final class LowRank: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let rows: Int
  private let columns: Int
  private let rank: Int
  private let factor: Float

  init(_ kernel: Variable, left: Variable, right: Variable, factor: Float) {
    operands = [kernel, left, right].map { Operand($0.node) }
    output = Variable.output(kernel.shape, of: operands)
    rows = kernel.shape[0]
    columns = kernel.node.count / max(rows, 1)
    rank = right.shape[0]
    self.factor = factor
    precondition(
      left.shape == [rows, rank] && right.shape == [rank, columns],
      "The factors of a product of low rank fit the kernel.")
  }

  func forward(_ team: Team) {
    let (left, right) = (operands[1].value, operands[2].value)
    output.value.take(operands[0].value)
    team.split(rows, width: columns * rank) { range in
      multiply(  // (1)
        left.from(range.lowerBound, width: rank), stride: rank, right.baseAddress,
        stride: columns, into: output.value.from(range.lowerBound, width: columns),
        stride: columns, rows: range.count, columns: columns, inner: rank, factor: factor,
        adding: 1)
    }
  }

  func backward(_ team: Team) {
    let slopes = output.gradient
    let (kernel, left, right) = (operands[0], operands[1], operands[2])
    // (2)
    if left.wantsGradient {
      multiply(
        slopes.baseAddress, stride: columns, right.value.baseAddress, .transposed,
        stride: columns, into: left.gradient.baseAddress, stride: rank, rows: rows,
        columns: rank, inner: columns, factor: factor)
    }
    if right.wantsGradient {
      multiply(
        left.value.baseAddress, .transposed, stride: rank, slopes.baseAddress, stride: columns,
        into: right.gradient.baseAddress, stride: columns, rows: rank, columns: columns,
        inner: rows, factor: factor)
    }
    if kernel.wantsGradient { kernel.gradient.take(slopes) }
  }
}

extension Tape {
  /// Lets the layer that is recorded with this kernel afterwards use W + s B A in its place.
  ///
  /// A, `rank` × the rest, and B, outputs × `rank`, are weights named `lora_A` and `lora_B` beside
  /// the kernel: A begins as a dense layer does and B at 0, so that nothing changes at first.
  public func addLowRank(to kernel: Weight, in weights: Weights, rank: Int, factor: Float) {
    precondition(kernel.shape.count > 1 && rank > 0, "A product of low rank is added to a kernel.")
    let layer = kernel.name.split(separator: ".").dropLast().joined(separator: ".")
    let inputs = kernel.shape.dropFirst().reduce(1, *)
    let right = weights.weight(
      layer + ".lora_A", [rank, inputs], role: .kernel, .uniformFanIn(inputs))
    let left = weights.weight(
      layer + ".lora_B", [kernel.shape[0], rank], role: .kernel, .constant(0))
    replace(
      kernel,
      by: record(
        LowRank(
          variable(kernel), left: variable(left), right: variable(right), factor: factor)))
  }
}
