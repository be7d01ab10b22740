import CKernels

/// Each row less its mean, over its deviation (Ba, Kiros, Hinton 2016).
///
/// ```
/// z = (x − m) s,   s = 1/√(v + ε),   y = γ z + β                         (1)
/// ∂L/∂x = s (g − mean(g) − z mean(g z)),   g = γ ∂L/∂y                   (2)
/// ```
///
/// m and v are the mean and the variance, over n, of the last axis.
final class LayerNorm: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  let sharing = MemorySharing.overwriting
  private let epsilon: Float
  private let rows: Int
  private let columns: Int
  private let means: Storage
  private let scales: Storage
  private var scratch: [Floats] = []

  init(_ input: Variable, factors: Variable, offsets: Variable, epsilon: Float) {
    operands = [input, factors, offsets].map { Operand($0.node) }
    output = Variable.output(input.shape, of: operands)
    self.epsilon = epsilon
    columns = input.lastLength
    rows = input.node.count / columns
    means = Storage(count: rows)
    scales = Storage(count: rows)
  }

  var scratchCount: Int { 2 * columns }

  func prepare(scratch: [Floats]) { self.scratch = scratch }

  func forward(_ team: Team) {
    team.split(rows, width: 4 * columns) { range in
      let first = range.lowerBound
      ck_layer_norm_f32(
        range.count, columns, epsilon, operands[0].value.from(first, width: columns),
        operands[1].value.baseAddress, operands[2].value.baseAddress,
        output.value.from(first, width: columns), means.floats.from(first),
        scales.floats.from(first))
    }
  }

  func backward(_ team: Team) {
    for half in scratch { half[..<scratchCount].update(repeating: 0) }
    // Where nobody wants (2) it goes where nobody reads afterwards.
    let slopes = operands[0].wantsGradient ? operands[0].gradient : output.gradient
    team.split(rows, width: 4 * columns) { range in
      let first = range.lowerBound
      ck_layer_norm_slopes_f32(
        range.count, columns, operands[0].value.from(first, width: columns),
        operands[1].value.baseAddress, means.floats.from(first), scales.floats.from(first),
        output.gradient.from(first, width: columns), slopes.from(first, width: columns),
        scratch[first == 0 ? 0 : 1].baseAddress)
    }
    for (place, operand) in operands.dropFirst().enumerated() where operand.wantsGradient {
      ck_sum_f32(
        columns, scratch[0].from(place, width: columns), scratch[1].from(place, width: columns),
        operand.gradient.baseAddress)
    }
  }
}

extension Variable {
  /// Layer normalisation over the last axis.
  ///
  /// Its weights are `weight`, the factors, and `bias`, the offsets.
  public func layerNorm(_ scope: Scope, epsilon: Float = 1e-5) -> Variable {
    let weight = scope.weight("weight", [lastLength], role: .scale, .constant(1))
    let bias = scope.weight("bias", [lastLength], role: .bias, .constant(0))
    return tape.record(
      LayerNorm(
        self, factors: tape.variable(weight), offsets: tape.variable(bias), epsilon: epsilon))
  }
}
