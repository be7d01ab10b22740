import CKernels

/// Each row over its length.
///
/// ```
/// y = x / ‖x‖,   ∂L/∂x = (∂L/∂y − y ⟨y, ∂L/∂y⟩) / ‖x‖                    (1)
/// ```
///
/// A row of zeros stays one and has no gradient.
final class RowNormalization: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.output
  let sharing = MemorySharing.overwriting
  private let rows: Int
  private let columns: Int
  /// 1 / ‖x‖ of each row; 0 where that is 0.
  private let factors: Storage

  init(_ input: Variable) {
    operands = [Operand(input.node)]
    output = Variable.output(input.shape, of: operands)
    columns = input.lastLength
    rows = input.node.count / columns
    factors = Storage(count: rows)
  }

  func forward(_ team: Team) {
    team.split(rows, width: 2 * columns) { range in
      for row in range {
        let x = operands[0].value.from(row, width: columns)
        let length = ck_inner_f32(columns, x, x).squareRoot()
        factors.floats[row] = length > 0 ? Float(1 / length) : 0
        ck_scaled_f32(columns, factors.floats[row], x, output.value.from(row, width: columns))
      }
    }
  }

  func backward(_ team: Team) {
    team.split(rows, width: 4 * columns) { range in
      for row in range {
        let y = output.value.from(row, width: columns)
        let slopes = output.gradient.from(row, width: columns)
        let gradient = operands[0].gradient.from(row, width: columns)
        let along = Float(ck_inner_f32(columns, y, slopes))
        ck_scaled_f32(columns, factors.floats[row], slopes, gradient)
        ck_add_scaled_f32(columns, -along * factors.floats[row], y, gradient)
      }
    }
  }
}

extension Variable {
  /// Each row of the last axis over its length; a row of zeros stays one.
  public func rowsNormalized() -> Variable { tape.record(RowNormalization(self)) }

  /// The cosines between rows and one learnt direction for each output: [..., features] to
  /// [..., outputs].
  ///
  /// The directions are `weight`, outputs × features, whose length doesn't matter.
  public func cosines(_ scope: Scope, _ outputs: Int) -> Variable {
    let weight = scope.weight("weight", [outputs, lastLength], .uniformFanIn(lastLength))
    return rowsNormalized().products(withRowsOf: tape.variable(weight).rowsNormalized())
  }
}
