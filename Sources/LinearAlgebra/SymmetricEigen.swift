/// Which eigenpairs to compute.
public enum EigenSelection: Sendable, Hashable {
  /// All, by ascending eigenvalue.
  case all
  /// The k largest, by descending eigenvalue.
  case largest(Int)
  /// The k smallest, by ascending eigenvalue.
  case smallest(Int)
}

/// Eigenvalues and eigenvectors of a symmetric problem.
public struct SymmetricEigen<Scalar: MatrixScalar>: Sendable {
  /// The k eigenvalues, in the order asked for.
  public let values: [Scalar]
  /// The eigenvectors, n × k, one a column.
  public let vectors: Matrix<Scalar>

  /// Eigenvalues and eigenvectors that were found elsewhere.
  public init(values: [Scalar], vectors: Matrix<Scalar>) {
    self.values = values
    self.vectors = vectors
  }
}

extension EigenSelection {
  var isDescending: Bool {
    if case .largest = self { true } else { false }
  }
}

extension SymmetricEigen {
  /// The eigenpairs in a range of positions, turned round if they are to descend.
  func selecting(_ range: Range<Int>, descending: Bool) -> SymmetricEigen {
    let order = descending ? Array(range.reversed()) : Array(range)
    var selected = Matrix<Scalar>(rows: vectors.rows, columns: order.count)
    for row in 0..<vectors.rows {
      for (column, position) in order.enumerated() {
        selected[row, column] = vectors[row, position]
      }
    }
    return SymmetricEigen(values: order.map { values[$0] }, vectors: selected)
  }
}
