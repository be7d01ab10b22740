import CKernels

/// The logarithm of the sum of exponentials of each row.
///
/// ```
/// y = log Σ_j exp(x_j),   ∂L/∂x_j = ∂L/∂y exp(x_j − y)                    (1)
/// ```
final class LogSumExp: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let rows: Int
  private let columns: Int
  /// x_j − y.
  private let logProbabilities: Storage

  init(_ input: Variable) {
    operands = [Operand(input.node)]
    output = Variable.output(input.shape.dropLast(), of: operands)
    columns = input.lastLength
    rows = input.node.count / columns
    logProbabilities = Storage(count: input.node.count)
  }

  func forward(_ team: Team) {
    let (x, logs) = (operands[0].value, logProbabilities.floats)
    team.split(rows, width: 4 * columns) { range in
      ck_log_softmax_f32(
        range.count, columns, x.from(range.lowerBound, width: columns),
        logs.from(range.lowerBound, width: columns))
      for row in range {
        // Of the greatest number the fewest digits cancel.
        var place = row * columns
        for other in place..<place + columns where x[other] > x[place] { place = other }
        output.value[row] = x[place] - logs[place]
      }
    }
  }

  func backward(_ team: Team) {
    team.split(rows, width: 4 * columns) { range in
      let gradient = operands[0].gradient.from(range.lowerBound, width: columns)
      ck_exp_into_f32(
        range.count * columns, logProbabilities.floats.from(range.lowerBound, width: columns),
        gradient)
      for row in range {
        let slopes = operands[0].gradient.from(row, width: columns)
        ck_scaled_f32(columns, output.gradient[row], slopes, slopes)
      }
    }
  }
}

extension Variable {
  /// log Σ exp(x) along the last axis, which goes: [..., n] to [...].
  public func logSumExp() -> Variable { tape.record(LogSumExp(self)) }
}
