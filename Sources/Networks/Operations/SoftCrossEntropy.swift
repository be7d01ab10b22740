import CKernels

/// The mean over rows of −Σ_c t_c log p_c, p = softmax(x).
///
/// ```
/// t_c = w_c ((1 − s) q_c + s / C)
/// ∂L/∂x = (p Σ_c t_c − t) / n,   ∂L/∂q_c = −w_c (1 − s) log p_c / n
/// ```
///
/// q are the target probabilities, w weights of the classes and s the smoothing, as in PyTorch.
final class SoftCrossEntropy: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let logs: LogProbabilities
  private let weights: [Float]
  private let smoothing: Float
  private let masses: Storage

  init(_ logits: Variable, targets: Variable, weights: [Float]?, smoothing: Float) {
    precondition(logits.shape == targets.shape, "Each class of each row has a target.")
    operands = [logits, targets].map { Operand($0.node) }
    output = Variable.output([], of: operands)
    logs = LogProbabilities(logits)
    self.weights = weights ?? Array(repeating: 1, count: logs.columns)
    precondition(self.weights.count == logs.columns, "Each class has a weight.")
    self.smoothing = smoothing
    masses = Storage(count: logits.node.count)
  }

  func forward(_ team: Team) {
    logs.take(operands[0].value, team)
    let targets = operands[1].value
    let floor = smoothing / Float(logs.columns)
    for place in 0..<targets.count {
      masses.floats[place] =
        weights[place % logs.columns] * ((1 - smoothing) * targets[place] + floor)
    }
    let sum = ck_inner_f32(
      logs.floats.count, logs.floats.baseAddress, masses.floats.baseAddress)
    output.value[0] = Float(-sum / Double(logs.rows))
  }

  func backward(_ team: Team) {
    let factor = output.gradient[0] / Float(logs.rows)
    if operands[0].wantsGradient {
      logs.eachHalf(team) { count, first in
        ck_cross_entropy_slopes_f32(
          count, logs.columns, factor, logs.floats.from(first), masses.floats.from(first),
          operands[0].gradient.from(first))
      }
    }
    if operands[1].wantsGradient {
      for place in 0..<logs.floats.count {
        operands[1].gradient[place] =
          -factor * weights[place % logs.columns] * (1 - smoothing) * logs.floats[place]
      }
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
  /// The mean cross-entropy of the rows of logits, [..., classes], with target probabilities.
  ///
  /// The targets have the shape of the logits. `weights` has a weight for each class; with
  /// `smoothing` s each class gets s / classes of the targets' mass.
  public func crossEntropy(
    _ targets: Variable, weights: [Float]? = nil, smoothing: Float = 0
  ) -> Variable {
    tape.record(
      SoftCrossEntropy(self, targets: targets, weights: weights, smoothing: smoothing))
  }
}
