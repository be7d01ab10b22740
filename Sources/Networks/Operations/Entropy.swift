import CKernels

/// The mean over rows of H = −Σ_c p_c log p_c, p = softmax(x).
///
/// ```
/// ∂L/∂x_c = −p_c (log p_c + H) / n
/// ```
final class Entropy: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let logs: LogProbabilities
  private let entropies: Storage

  init(_ logits: Variable) {
    operands = [Operand(logits.node)]
    output = Variable.output([], of: operands)
    logs = LogProbabilities(logits)
    entropies = Storage(count: logs.rows)
  }

  func forward(_ team: Team) {
    logs.take(operands[0].value, team)
    logs.eachHalf(team) { count, first in
      ck_entropies_f32(
        count, logs.columns, logs.floats.from(first),
        entropies.floats.from(first / logs.columns))
    }
    let sum = ck_total_f32(logs.rows, entropies.floats.baseAddress)
    output.value[0] = Float(sum / Double(logs.rows))
  }

  func backward(_ team: Team) {
    let factor = output.gradient[0] / Float(logs.rows)
    logs.eachHalf(team) { count, first in
      ck_entropy_slopes_f32(
        count, logs.columns, factor, logs.floats.from(first),
        entropies.floats.from(first / logs.columns), operands[0].gradient.from(first))
    }
  }
}

extension Variable {
  /// The mean entropy of the probabilities of the rows of logits, in nats (Grandvalet & Bengio,
  /// NeurIPS 2004).
  public func entropy() -> Variable { tape.record(Entropy(self)) }
}
