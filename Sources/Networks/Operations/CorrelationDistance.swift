import CKernels

/// The squared distance of two samples' covariances, the loss of deep CORAL.
///
/// B. Sun, K. Saenko. "Deep CORAL: Correlation Alignment for Deep Domain Adaptation." ECCV
/// Workshops 2016, equations 1 to 5.
///
/// ```
/// C = Xcᵀ Xc / (n − 1),   L = ‖C_S − C_T‖²_F / (4 d²)                     (1)
/// ∂L/∂X_S = Xc_S (C_S − C_T) / (d² (n_S − 1))                             (2)
/// ```
///
/// Xc is X less its columns' means; the gradient of the target has the other sign.
final class CorrelationDistance: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let counts: [Int]
  private let features: Int
  private let points: [Storage]
  private let difference: Storage
  private let means: Storage

  init(_ source: Variable, _ target: Variable) {
    operands = [source, target].map { Operand($0.node) }
    output = Variable.output([], of: operands)
    features = source.lastLength
    precondition(features == target.lastLength, "Both samples have the same features.")
    counts = [source, target].map { $0.node.count / $0.lastLength }
    precondition(counts.allSatisfy { $0 > 1 }, "A covariance is of two samples at least.")
    points = operands.map { Storage(count: $0.node.count) }
    difference = Storage(count: features * features)
    means = Storage(count: features)
  }

  func forward(_ team: Team) {
    for (place, operand) in operands.enumerated() {
      let (x, centred) = (operand.value, points[place].floats)
      centred.take(x)
      ck_column_sums_f32(counts[place], features, x.baseAddress, means.floats.baseAddress)
      ck_scaled_f32(
        features, -1 / Float(counts[place]), means.floats.baseAddress, means.floats.baseAddress)
      ck_add_row_f32(
        counts[place], features, means.floats.baseAddress, centred.baseAddress)
    }
    team.split(features, width: features * (counts[0] + counts[1]) / 8) { range in
      for place in 0..<2 {
        let sign: Float = place == 0 ? 1 : -1
        let x = points[place].floats
        multiply(
          x.from(range.lowerBound), .transposed, stride: features, x.baseAddress,
          stride: features, into: difference.floats.from(range.lowerBound, width: features),
          stride: features, rows: range.count, columns: features, inner: counts[place],
          factor: sign / Float(counts[place] - 1), adding: place == 0 ? 0 : 1)
      }
    }
    let floats = difference.floats
    let squares = ck_inner_f32(floats.count, floats.baseAddress, floats.baseAddress)
    output.value[0] = Float(squares / (4 * Double(features) * Double(features)))
  }

  func backward(_ team: Team) {
    for (place, operand) in operands.enumerated() where operand.wantsGradient {
      let sign: Float = place == 0 ? 1 : -1
      let factor =
        sign * output.gradient[0]
        / (Float(features) * Float(features) * Float(counts[place] - 1))
      team.split(counts[place], width: features * features / 8) { range in
        // (2)
        multiply(
          points[place].floats.from(range.lowerBound, width: features), stride: features,
          difference.floats.baseAddress, stride: features,
          into: operand.gradient.from(range.lowerBound, width: features),
          stride: features, rows: range.count, columns: features, inner: features,
          factor: factor)
      }
    }
  }
}

extension Variable {
  /// ‖C_S − C_T‖²_F / (4 d²) of the covariances of two samples, [samples, features] each.
  public func correlationDistance(_ target: Variable) -> Variable {
    tape.record(CorrelationDistance(self, target))
  }
}
