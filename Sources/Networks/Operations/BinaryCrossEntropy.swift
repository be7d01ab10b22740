import CKernels

/// The mean of −t log σ(x) − (1 − t) log(1 − σ(x)), σ the logistic function.
///
/// ```
/// ℓ = max(x, 0) − x t + log(1 + exp(−|x|)),   ∂L/∂x = (σ(x) − t) / n,   ∂L/∂t = −x / n
/// ```
final class BinaryCrossEntropy: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs

  init(_ logits: Variable, targets: Variable) {
    precondition(logits.shape == targets.shape, "Each logit has a target.")
    operands = [logits, targets].map { Operand($0.node) }
    output = Variable.output([], of: operands)
  }

  func forward(_ team: Team) {
    let (x, targets) = (operands[0].value, operands[1].value)
    let sum = ck_logistic_loss_f32(x.count, x.baseAddress, targets.baseAddress)
    output.value[0] = Float(sum / Double(max(x.count, 1)))
  }

  func backward(_ team: Team) {
    let (x, targets) = (operands[0], operands[1])
    let factor = output.gradient[0] / Float(max(x.value.count, 1))
    if x.wantsGradient {
      ck_logistic_loss_slopes_f32(
        x.value.count, factor, x.value.baseAddress, targets.value.baseAddress,
        x.gradient.baseAddress)
    }
    if targets.wantsGradient {
      ck_scaled_f32(x.value.count, -factor, x.value.baseAddress, targets.gradient.baseAddress)
    }
  }
}

extension Variable {
  /// The mean cross-entropy of logits with probabilities of the same shape, of two classes each.
  public func binaryCrossEntropy(_ targets: Variable) -> Variable {
    tape.record(BinaryCrossEntropy(self, targets: targets))
  }
}
