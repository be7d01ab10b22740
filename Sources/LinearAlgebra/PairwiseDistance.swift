extension Matrix {
  /// The squared Euclidean distances of this matrix's rows to another's, n × m.
  ///
  /// ‖x‖² + ‖y‖² − 2 xᵀy by one GEMM, clamped at 0: absolute errors are of the order of
  /// the machine precision times the largest squared norm.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func squaredDistances(to other: Matrix) -> Matrix {
    var result = multiplied(by: other, transposingOther: true)
    let (rowNorms, columnNorms) = (rowSquaredNorms, other.rowSquaredNorms)
    result.elements.withUnsafeMutableBufferPointer { products in
      Scalar.kernels.squaredDistances(
        rows, other.rows, rowNorms, columnNorms, products.baseAddress)
    }
    return result
  }

  /// The squared distances to another matrix's rows, computed about the mean of those rows.
  ///
  /// Far from the origin `squaredDistances(to:)` loses the digits that tell the rows apart.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func centredSquaredDistances(to other: Matrix) -> Matrix {
    let centre = other.columnMeans
    return subtracting(row: centre).squaredDistances(to: other.subtracting(row: centre))
  }
}
