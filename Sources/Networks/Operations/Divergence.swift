import CKernels

/// The mean over rows of Σ_c q_c (log q_c − y_c), y log-probabilities: KL(q ‖ exp y), which is
/// `torch.nn.KLDivLoss` with the reduction `batchmean` where rows are samples.
///
/// ```
/// ∂L/∂y = −q / n,   ∂L/∂q = (log q + 1 − y) / n
/// ```
///
/// Where q is 0 the summand and the second gradient are 0.
final class Divergence: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let rows: Int

  init(_ logs: Variable, targets: Variable) {
    precondition(logs.shape == targets.shape, "Each class of each row has a target.")
    operands = [logs, targets].map { Operand($0.node) }
    output = Variable.output([], of: operands)
    rows = logs.node.count / logs.lastLength
  }

  func forward(_ team: Team) {
    let (logs, targets) = (operands[0].value, operands[1].value)
    let sum = ck_divergence_f32(logs.count, logs.baseAddress, targets.baseAddress)
    output.value[0] = Float(sum / Double(rows))
  }

  func backward(_ team: Team) {
    let (logs, targets) = (operands[0], operands[1])
    let factor = output.gradient[0] / Float(rows)
    if logs.wantsGradient {
      ck_scaled_f32(
        targets.value.count, -factor, targets.value.baseAddress, logs.gradient.baseAddress)
    }
    if targets.wantsGradient {
      ck_divergence_slopes_f32(
        logs.value.count, factor, logs.value.baseAddress, targets.value.baseAddress,
        targets.gradient.baseAddress)
    }
  }
}

extension Variable {
  /// The mean Kullback-Leibler divergence of the rows' probabilities from target probabilities,
  /// KL(targets ‖ probabilities); this variable holds log-probabilities, as of `logSoftmax`.
  public func divergence(_ targets: Variable) -> Variable {
    tape.record(Divergence(self, targets: targets))
  }
}
