import CKernels

/// The mean over samples of −Σ_c q_c log p_c, p = softmax(x).
///
/// ```
/// q_c = (1 − s) [c = y] + s / C,   loss = Σ_i w_(y_i) (…) / Σ_i w_(y_i)
/// ```
///
/// With weights w the smoothed part is weighted by the classes it names, as in PyTorch.
final class CrossEntropy: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let classes: Indices
  private let weights: [Float]
  private let smoothing: Float
  private let logProbabilities: Storage
  private let count: Int
  private let classCount: Int
  private var total: Float = 0

  init(_ logits: Variable, classes: Indices, weights: [Float]?, smoothing: Float) {
    operands = [Operand(logits.node)]
    output = Variable.output([], of: operands)
    classCount = logits.shape[logits.shape.count - 1]
    count = logits.node.count / classCount
    precondition(classes.count == count, "There is a class for each row of logits.")
    self.classes = classes
    self.weights = weights ?? Array(repeating: 1, count: classCount)
    self.smoothing = smoothing
    logProbabilities = Storage(count: logits.node.count)
  }

  func forward(_ team: Team) {
    let logs = logProbabilities.floats
    let logits = operands[0].value
    team.split(count, width: 4 * classCount) { range in
      ck_log_softmax_f32(
        range.count, classCount, logits.from(range.lowerBound, width: classCount),
        logs.from(range.lowerBound, width: classCount))
    }
    var loss = 0.0
    var sum = 0.0
    for row in 0..<count where classes.values[row] >= 0 {
      let label = Int(classes.values[row])
      sum += Double(weights[label])
      loss -= Double((1 - smoothing) * weights[label] * logs[row * classCount + label])
      guard smoothing > 0 else { continue }
      for other in 0..<classCount {
        loss -= Double(
          smoothing / Float(classCount) * weights[other] * logs[row * classCount + other])
      }
    }
    total = Float(sum)
    output.value[0] = sum > 0 ? Float(loss / sum) : 0
  }

  func backward(_ team: Team) {
    let logs = logProbabilities.floats
    let gradient = operands[0].gradient
    let scale = total > 0 ? output.gradient[0] / total : 0
    let share = smoothing / Float(classCount)
    let mass = weights.reduce(0, +)
    ck_exp_into_f32(gradient.count, logs.baseAddress, gradient.baseAddress)
    for row in 0..<count {
      let start = row * classCount
      guard classes.values[row] >= 0 else {
        for column in start..<start + classCount { gradient[column] = 0 }
        continue
      }
      let label = Int(classes.values[row])
      let whole = (1 - smoothing) * weights[label] + share * mass
      for column in 0..<classCount {
        gradient[start + column] =
          scale * (whole * gradient[start + column] - share * weights[column])
      }
      gradient[start + label] -= scale * (1 - smoothing) * weights[label]
    }
  }
}

extension Variable {
  /// The mean cross-entropy of the rows of logits, [..., classes], with these classes.
  ///
  /// Rows of class −1 don't count. `weights` has a weight for each class; with `smoothing` s each
  /// class gets s / classes of the label's mass (Szegedy et al., CVPR 2016).
  public func crossEntropy(
    _ classes: Indices, weights: [Float]? = nil, smoothing: Float = 0
  ) -> Variable {
    tape.record(CrossEntropy(self, classes: classes, weights: weights, smoothing: smoothing))
  }
}
