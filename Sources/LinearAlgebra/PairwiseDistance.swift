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
}
