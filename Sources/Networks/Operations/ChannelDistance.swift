/// Σ_c a_c Σ (x_c − z_c)² over the channels of the last axis, with a weight for each.
///
/// ```
/// ∂L/∂x_c = 2 a_c (x_c − z_c) = −∂L/∂z_c
/// ```
final class ChannelDistance: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let weights: [Float]

  init(_ one: Variable, _ other: Variable, weights: [Float]) {
    precondition(one.shape == other.shape, "Variables that are compared have the same shape.")
    precondition(weights.count == one.shape.last, "Each channel has a weight.")
    operands = [one, other].map { Operand($0.node) }
    output = Variable.output([], of: operands)
    self.weights = weights
  }

  func forward(_ team: Team) {
    let (x, z) = (operands[0].value, operands[1].value)
    var sum = 0.0
    for first in stride(from: 0, to: x.count, by: weights.count) {
      for channel in 0..<weights.count {
        let difference = x[first + channel] - z[first + channel]
        sum += Double(weights[channel] * difference * difference)
      }
    }
    output.value[0] = Float(sum)
  }

  func backward(_ team: Team) {
    let (x, z) = (operands[0].value, operands[1].value)
    for (place, operand) in operands.enumerated() where operand.wantsGradient {
      let factor = (place == 0 ? 2 : -2) * output.gradient[0]
      let gradient = operand.gradient
      team.split(x.count / weights.count, width: 4 * weights.count) { range in
        for row in range {
          for channel in 0..<weights.count {
            let entry = row * weights.count + channel
            gradient[entry] = factor * weights[channel] * (x[entry] - z[entry])
          }
        }
      }
    }
  }
}

extension Variable {
  /// The weighted sum of squared differences from another variable of the same shape, with a weight
  /// for each channel of the last axis.
  public func channelDistance(from other: Variable, weights: [Float]) -> Variable {
    tape.record(ChannelDistance(self, other, weights: weights))
  }
}
