import CKernels

/// The squared distances between the rows of two matrices.
///
/// ```
/// D_ij = ‖a_i − b_j‖²                                                     (1)
/// ∂L/∂a_i = 2 (a_i Σ_j G_ij − Σ_j G_ij b_j),   G = ∂L/∂D                   (2)
/// ∂L/∂b_j = 2 (b_j Σ_i G_ij − Σ_i G_ij a_i)                               (3)
/// ```
///
/// (1) is added up from differences, in double precision: no digits cancel where rows are near each
/// other and far from 0.
///
/// - Complexity: O(n m d).
final class SquaredDistances: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let counts: [Int]
  private let features: Int
  private let columnSums: Storage

  init(_ one: Variable, _ other: Variable) {
    operands = [one, other].map { Operand($0.node) }
    precondition(
      one.shape.count == 2 && other.shape.count == 2 && one.shape[1] == other.shape[1],
      "Distances are between rows of two matrices with the same features.")
    counts = [one.shape[0], other.shape[0]]
    features = one.shape[1]
    output = Variable.output(counts, of: operands)
    columnSums = Storage(count: counts[1])
  }

  func forward(_ team: Team) {
    let (a, b) = (operands[0].value, operands[1].value)
    team.split(counts[0], width: counts[1] * features) { range in
      for row in range {
        for column in 0..<counts[1] {
          output.value[row * counts[1] + column] = Float(
            ck_squared_difference_f32(
              features, a.from(row, width: features), b.from(column, width: features)))
        }
      }
    }
  }

  func backward(_ team: Team) {
    let (one, other) = (operands[0], operands[1])
    let slopes = output.gradient
    if one.wantsGradient {
      team.split(counts[0], width: counts[1] * features / 4) { range in
        for row in range {  // (2)
          let sum = ck_total_f32(counts[1], slopes.from(row, width: counts[1]))
          ck_scaled_f32(
            features, Float(2 * sum), one.value.from(row, width: features),
            one.gradient.from(row, width: features))
        }
        multiply(
          slopes.from(range.lowerBound, width: counts[1]), stride: counts[1],
          other.value.baseAddress, stride: features,
          into: one.gradient.from(range.lowerBound, width: features), stride: features,
          rows: range.count, columns: features, inner: counts[1], factor: -2, adding: 1)
      }
    }
    if other.wantsGradient {
      ck_column_sums_f32(
        counts[0], counts[1], slopes.baseAddress, columnSums.floats.baseAddress)
      team.split(counts[1], width: counts[0] * features / 4) { range in
        for row in range {  // (3)
          ck_scaled_f32(
            features, 2 * columnSums.floats[row], other.value.from(row, width: features),
            other.gradient.from(row, width: features))
        }
        multiply(
          slopes.from(range.lowerBound), .transposed, stride: counts[1], one.value.baseAddress,
          stride: features, into: other.gradient.from(range.lowerBound, width: features),
          stride: features, rows: range.count, columns: features, inner: counts[0], factor: -2,
          adding: 1)
      }
    }
  }
}

extension Variable {
  /// The squared distances between the rows of two matrices, [n, features] and [m, features]:
  /// [n, m].
  public func squaredDistances(toRowsOf other: Variable) -> Variable {
    tape.record(SquaredDistances(self, other))
  }
}
