public import LinearAlgebra

/// What it costs to carry a sample to another: the C of a transport plan.
///
/// ```
/// squared-euclidean:  C_ij = ‖x_i − x'_j‖²                                 (1)
/// cosine:             C_ij = 1 − x_iᵀx'_j / (‖x_i‖ ‖x'_j‖)                  (2)
/// city-block:         C_ij = Σ_k |x_ik − x'_jk|                            (3)
/// ```
///
/// These are SciPy's distances of the same names, but for a sample of zeros, for which (2) has no
/// value there: here it costs 1, as a right angle does.
///
/// - Complexity: O(n_S n_T d), (1) and (2) by a product of matrices.
public enum TransportCost: String, CaseIterable, Sendable {
  /// (1)
  case squaredEuclidean = "squared-euclidean"
  /// (2)
  case cosine
  /// (3)
  case cityBlock = "city-block"

  /// C, n_S × n_T, of source rows and target rows with the same d columns.
  public func matrix(_ source: Matrix<Double>, _ target: Matrix<Double>) -> Matrix<Double> {
    precondition(source.columns == target.columns, "Costs are between rows of the same columns.")
    switch self {
    case .squaredEuclidean: return source.centredSquaredDistances(to: target)  // (1)
    case .cosine: return Self.cosines(source.rowsNormalized, target.rowsNormalized)
    case .cityBlock: return Self.cityBlocks(source, target)
    }
  }

  /// (2) of rows of length 1 or 0.
  private static func cosines(_ left: Matrix<Double>, _ right: Matrix<Double>) -> Matrix<Double> {
    var result = left.multiplied(by: right, transposingOther: true)
    result.elements.withUnsafeMutableBufferPointer { entries in
      for index in entries.indices { entries[index] = max(0, 1 - entries[index]) }  // (2)
    }
    return result
  }

  /// (3), one column of the features at a time, so that the inner loop is over target samples.
  private static func cityBlocks(
    _ source: Matrix<Double>, _ target: Matrix<Double>
  ) -> Matrix<Double> {
    let (width, order) = (target.rows, source.columns)
    let across = target.transposed
    var result = Matrix<Double>(rows: source.rows, columns: width)
    result.elements.withUnsafeMutableBufferPointer { entries in
      source.elements.withUnsafeBufferPointer { source in
        across.elements.withUnsafeBufferPointer { across in
          for row in 0..<(width > 0 ? entries.count / width : 0) {
            for feature in 0..<order {
              let value = source[row * order + feature]
              for column in 0..<width {
                entries[row * width + column] += abs(value - across[feature * width + column])
              }  // (3)
            }
          }
        }
      }
    }
    return result
  }
}

/// What the strengths in a transport problem are multiples of.
public enum CostUnit: String, CaseIterable, Sendable {
  /// The median cost, so that strengths mean the same in every unit of the features.
  case median
  /// 1: strengths are in the unit of the costs.
  case one

  /// The unit for a cost matrix.
  public func value(of cost: Matrix<Double>) -> Double {
    switch self {
    case .median: cost.typicalCost
    case .one: 1
    }
  }
}
