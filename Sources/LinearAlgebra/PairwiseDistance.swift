extension Matrix {
  /// The squared Euclidean distances of this matrix's rows to another's, n × m.
  ///
  /// ‖x‖² + ‖y‖² − 2 xᵀy by one GEMM, clamped at 0: absolute errors are of the order of
  /// the machine precision times the largest squared norm.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func squaredDistances(to other: Matrix) -> Matrix {
    squaredDistances(to: other) { _ in }
  }

  /// The squared distances, with something done to each block of them while the cache holds it.
  func squaredDistances(
    to other: Matrix, then finish: (UnsafeMutableBufferPointer<Scalar>) -> Void
  ) -> Matrix {
    precondition(columns == other.columns, "Distances are between rows of the same columns.")
    let width = other.rows
    var result = Matrix(rows: rows, columns: width)
    let (rowNorms, columnNorms) = (rowSquaredNorms, other.rowSquaredNorms)
    let blocks = rowBlocks(against: width)
    result.elements.withUnsafeMutableBufferPointer { result in
      elements.withUnsafeBufferPointer { left in
        other.elements.withUnsafeBufferPointer { right in
          rowNorms.withUnsafeBufferPointer { rowNorms in
            for rows in blocks where width > 0 {
              let block = UnsafeMutableBufferPointer(
                rebasing: result[rows.lowerBound * width..<rows.upperBound * width])
              let points = UnsafeBufferPointer(
                rebasing: left[rows.lowerBound * columns..<rows.upperBound * columns])
              if columns > 0 {
                Scalar.kernels.gemm(
                  CBLASOption.rowMajor, CBLASOption.transpose(false), CBLASOption.transpose(true),
                  Int32(rows.count), Int32(width), Int32(columns), 1, points.baseAddress,
                  Int32(columns), right.baseAddress, Int32(columns), 0, block.baseAddress,
                  Int32(width))
              }
              let norms = UnsafeBufferPointer(rebasing: rowNorms[rows])
              Scalar.kernels.squaredDistances(
                rows.count, width, norms.baseAddress, columnNorms, block.baseAddress)
              finish(block)
            }
          }
        }
      }
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
