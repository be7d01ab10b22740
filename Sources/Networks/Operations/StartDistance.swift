import CKernels

/// Σ ‖w − w⁰‖² over some weights.
///
/// ```
/// ∂L/∂w = 2 (w − w⁰)
/// ```
final class StartDistance: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let starts: [Storage]

  init(_ weights: [Variable], starts: [Tensor]) {
    operands = weights.map { Operand($0.node) }
    output = Variable.output([], of: operands)
    self.starts = starts.map { start in
      let storage = Storage(count: start.values.count)
      _ = storage.floats.update(from: start.values)
      return storage
    }
  }

  func forward(_ team: Team) {
    var sum = 0.0
    for (operand, start) in zip(operands, starts) {
      sum += ck_squared_difference_f32(
        operand.value.count, operand.value.baseAddress, start.floats.baseAddress)
    }
    output.value[0] = Float(sum)
  }

  func backward(_ team: Team) {
    let factor = 2 * output.gradient[0]
    for (operand, start) in zip(operands, starts) where operand.wantsGradient {
      team.split(operand.value.count, width: 2) { range in
        ck_scaled_difference_f32(
          range.count, factor, operand.value.from(range.lowerBound),
          start.floats.from(range.lowerBound), operand.gradient.from(range.lowerBound))
      }
    }
  }
}

extension Tape {
  /// The sum of squared differences of weights from the arrays of their names; nil where none has
  /// one.
  public func squaredDistance(of weights: [Weight], from start: WeightSnapshot) -> Variable? {
    let pairs = weights.compactMap { weight in start[weight.name].map { (weight, $0) } }
    guard !pairs.isEmpty else { return nil }
    precondition(
      pairs.allSatisfy { $0.0.shape == $0.1.shape }, "A weight and its start have one shape.")
    return record(StartDistance(pairs.map { variable($0.0) }, starts: pairs.map(\.1)))
  }
}
