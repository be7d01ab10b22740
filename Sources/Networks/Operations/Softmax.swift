import CKernels

/// The probabilities of each row's numbers, or their logarithms.
///
/// ```
/// p_j = exp(x_j) / Σ_k exp(x_k)                                          (1)
/// ∂L/∂x_j = p_j (∂L/∂p_j − Σ_k p_k ∂L/∂p_k)                              (2)
/// y_j = log p_j,   ∂L/∂x_j = ∂L/∂y_j − p_j Σ_k ∂L/∂y_k                   (3)
/// ```
final class Softmax: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.output
  let sharing = MemorySharing.overwriting
  private let isLogarithmic: Bool
  private let rows: Int
  private let columns: Int

  init(_ input: Variable, isLogarithmic: Bool) {
    operands = [Operand(input.node)]
    output = Variable.output(input.shape, of: operands)
    self.isLogarithmic = isLogarithmic
    columns = input.lastLength
    rows = input.node.count / columns
  }

  func forward(_ team: Team) {
    let function = isLogarithmic ? ck_log_softmax_f32 : ck_softmax_f32
    team.split(rows, width: 4 * columns) { range in
      function(
        range.count, columns, operands[0].value.from(range.lowerBound, width: columns),
        output.value.from(range.lowerBound, width: columns))
    }
  }

  func backward(_ team: Team) {
    let slopes = isLogarithmic ? ck_log_softmax_slopes_f32 : ck_softmax_slopes_f32
    team.split(rows, width: 4 * columns) { range in
      slopes(
        range.count, columns, output.value.from(range.lowerBound, width: columns),
        output.gradient.from(range.lowerBound, width: columns),
        operands[0].gradient.from(range.lowerBound, width: columns))
    }
  }
}

extension Variable {
  /// The probabilities exp(x) / Σ exp(x) along the last axis.
  public func softmax() -> Variable { tape.record(Softmax(self, isLogarithmic: false)) }

  /// The logarithms of `softmax`, which lose no digits where a probability is small.
  public func logSoftmax() -> Variable { tape.record(Softmax(self, isLogarithmic: true)) }

  /// The length of the last axis.
  var lastLength: Int {
    guard let length = shape.last, length > 0 else {
      preconditionFailure("A variable with rows has a last axis.")
    }
    return length
  }
}
