import CKernels

/// The rows of a matrix that indices name; a row of zeros for −1.
///
/// Backwards, the gradients of a row that is named several times are added in the order of the
/// indices.
final class Embedding: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads: BackwardReads = []
  private let indices: Indices
  private let padding: Int?
  private let rows: Int
  private let features: Int

  init(_ matrix: Variable, _ indices: Indices, shape: [Int], padding: Int?) {
    operands = [Operand(matrix.node)]
    rows = matrix.shape[0]
    features = matrix.shape[1]
    precondition(shape.product == indices.count, "The shape of the indices is that of so many.")
    self.indices = indices
    self.padding = padding
    output = Variable.output(shape + [features], of: operands)
  }

  func forward(_ team: Team) {
    let matrix = operands[0].value
    team.split(indices.count, width: features) { range in
      for place in range {
        let row = Int(indices.values[place])
        precondition(row < rows, "An index names one of the embedding's rows.")
        guard let y = output.value.from(place, width: features) else { continue }
        if row >= 0, let x = matrix.from(row, width: features) {
          y.update(from: x, count: features)
        } else {
          y.update(repeating: 0, count: features)
        }
      }
    }
  }

  func backward(_ team: Team) {
    let gradient = operands[0].gradient
    team.split(rows, width: features) { range in
      gradient.rows(range, width: features).update(repeating: 0)
    }
    // Halves of the features: every row is added to in the same order.
    team.split(features, width: indices.count) { range in
      for place in 0..<indices.count where indices.values[place] >= 0 {
        let row = Int(indices.values[place])
        guard row != padding else { continue }
        ck_add_scaled_f32(
          range.count, 1, output.gradient.from(place * features + range.lowerBound),
          gradient.from(row * features + range.lowerBound))
      }
    }
  }
}

extension Tape {
  /// The rows of `weight`, count × features, that the indices name.
  ///
  /// The shape is that of the indices, such as [samples, steps], and the result's without the
  /// features. Index −1 gives zeros; the row that is for padding is not learnt.
  public func embedding(
    _ indices: Indices, shape: [Int]? = nil, _ scope: Scope, count: Int, features: Int,
    padding: Int? = nil, initialization: Initialization = .normal(1)
  ) -> Variable {
    let weight = scope.weight("weight", [count, features], initialization)
    return record(
      Embedding(variable(weight), indices, shape: shape ?? [indices.count], padding: padding))
  }
}

extension Variable {
  /// The rows of a matrix, [rows, features], that the indices name: [count, features].
  ///
  /// Index −1 gives zeros.
  public func rows(_ indices: Indices) -> Variable {
    tape.record(Embedding(self, indices, shape: [indices.count], padding: nil))
  }
}
