import CKernels

/// The mean over rows of −Σ_c q_c log p_c, p = softmax(x), q given.
///
/// ```
/// ∂L/∂x = (p Σ_c q_c − q) / n,   ∂L/∂q = −log p / n
/// ```
final class SoftCrossEntropy: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let logs: LogProbabilities

  init(_ logits: Variable, targets: Variable) {
    precondition(logits.shape == targets.shape, "Each class of each row has a target.")
    operands = [logits, targets].map { Operand($0.node) }
    output = Variable.output([], of: operands)
    logs = LogProbabilities(logits)
  }

  func forward(_ team: Team) {
    logs.take(operands[0].value, team)
    let sum = ck_inner_f32(
      logs.floats.count, logs.floats.baseAddress, operands[1].value.baseAddress)
    output.value[0] = Float(-sum / Double(logs.rows))
  }

  func backward(_ team: Team) {
    let factor = output.gradient[0] / Float(logs.rows)
    if operands[0].wantsGradient {
      logs.eachHalf(team) { count, first in
        ck_cross_entropy_slopes_f32(
          count, logs.columns, factor, logs.floats.from(first),
          operands[1].value.from(first), operands[0].gradient.from(first))
      }
    }
    if operands[1].wantsGradient {
      ck_scaled_f32(
        logs.floats.count, -factor, logs.floats.baseAddress, operands[1].gradient.baseAddress)
    }
  }
}

/// The logarithms of the probabilities of each row of logits, for losses.
final class LogProbabilities {
  let rows: Int
  let columns: Int
  private let storage: Storage

  init(_ logits: Variable) {
    columns = logits.lastLength
    rows = logits.node.count / columns
    storage = Storage(count: rows * columns)
  }

  var floats: Floats { storage.floats }

  /// Computes them.
  func take(_ logits: Floats, _ team: Team) {
    eachHalf(team) { count, first in
      ck_log_softmax_f32(count, columns, logits.from(first), floats.from(first))
    }
  }

  /// Calls the body with the rows of a half and the place of its first number.
  func eachHalf(_ team: Team, _ body: (_ count: Int, _ first: Int) -> Void) {
    team.split(rows, width: 4 * columns) { body($0.count, $0.lowerBound * columns) }
  }
}

extension Variable {
  /// The mean cross-entropy of the rows of logits, [..., classes], with target probabilities of the
  /// same shape.
  public func crossEntropy(_ targets: Variable) -> Variable {
    tape.record(SoftCrossEntropy(self, targets: targets))
  }
}
