extension Matrix {
  /// op(A) · op(B), where op transposes if asked to (GEMM).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func multiplied(
    by other: Matrix, transposingSelf: Bool = false, transposingOther: Bool = false
  ) -> Matrix {
    let inner = transposingSelf ? rows : columns
    let outRows = transposingSelf ? columns : rows
    let outColumns = transposingOther ? other.rows : other.columns
    precondition(
      inner == (transposingOther ? other.columns : other.rows),
      "The inner dimensions of a matrix product are equal.")
    var result = Matrix(rows: outRows, columns: outColumns)
    guard inner > 0, outRows > 0, outColumns > 0 else { return result }
    result.elements.withUnsafeMutableBufferPointer { product in
      elements.withUnsafeBufferPointer { left in
        other.elements.withUnsafeBufferPointer { right in
          Scalar.kernels.gemm(
            CBLASOption.rowMajor, CBLASOption.transpose(transposingSelf),
            CBLASOption.transpose(transposingOther), Int32(outRows), Int32(outColumns),
            Int32(inner), 1, left.baseAddress, Int32(columns), right.baseAddress,
            Int32(other.columns), 0, product.baseAddress, Int32(outColumns))
        }
      }
    }
    return result
  }

  /// Becomes A · Bᵀ, in its own memory where it has that shape already (GEMM).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func assign(_ left: Matrix, timesTransposeOf right: Matrix) {
    guard rows == left.rows, columns == right.rows, left.columns > 0, rows > 0, columns > 0 else {
      self = left.multiplied(by: right, transposingOther: true)
      return
    }
    precondition(
      left.columns == right.columns, "The inner dimensions of a matrix product are equal.")
    let (outRows, outColumns, inner) = (Int32(rows), Int32(columns), Int32(left.columns))
    elements.withUnsafeMutableBufferPointer { product in
      left.elements.withUnsafeBufferPointer { left in
        right.elements.withUnsafeBufferPointer { right in
          Scalar.kernels.gemm(
            CBLASOption.rowMajor, CBLASOption.transpose(false), CBLASOption.transpose(true),
            outRows, outColumns, inner, 1, left.baseAddress, inner, right.baseAddress, inner, 0,
            product.baseAddress, outColumns)
        }
      }
    }
  }

  /// Adds factor · A · Bᵀ in place (GEMM).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func add(
    _ left: Matrix, timesTransposeOf right: Matrix, scaledBy factor: Scalar = 1
  ) {
    precondition(
      rows == left.rows && columns == right.rows && left.columns == right.columns,
      "A product that is added to a matrix has its shape.")
    guard left.columns > 0, rows > 0, columns > 0 else { return }
    let (outRows, outColumns, inner) = (Int32(rows), Int32(columns), Int32(left.columns))
    elements.withUnsafeMutableBufferPointer { sum in
      left.elements.withUnsafeBufferPointer { left in
        right.elements.withUnsafeBufferPointer { right in
          Scalar.kernels.gemm(
            CBLASOption.rowMajor, CBLASOption.transpose(false), CBLASOption.transpose(true),
            outRows, outColumns, inner, factor, left.baseAddress, inner, right.baseAddress, inner,
            1, sum.baseAddress, outColumns)
        }
      }
    }
  }

  /// op(A) · x, where op transposes if asked to (GEMV).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func multiplied(by vector: [Scalar], transposing: Bool = false) -> [Scalar] {
    precondition(
      vector.count == (transposing ? rows : columns),
      "A vector times a matrix has as many entries as the matrix has columns.")
    var result = [Scalar](repeating: 0, count: transposing ? columns : rows)
    guard rows > 0, columns > 0 else { return result }
    result.withUnsafeMutableBufferPointer { product in
      Scalar.kernels.gemv(
        CBLASOption.rowMajor, CBLASOption.transpose(transposing), Int32(rows), Int32(columns), 1,
        elements, Int32(columns), vector, 1, 0, product.baseAddress, 1)
    }
    return result
  }

  /// AᵀA, columns × columns (SYRK).
  public var gram: Matrix {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get { symmetricProduct(order: columns, inner: rows, transposing: true) }
  }

  /// AAᵀ, rows × rows (SYRK).
  public var outerGram: Matrix {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get { symmetricProduct(order: rows, inner: columns, transposing: false) }
  }

  /// (AD)ᵀ H (AD), columns × columns, with H = I − 11ᵀ/n and D = diag(`scales`), I if not said.
  ///
  /// The centred rows are made a few hundred at a time (SYRK): no other matrix of A's size is.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func scatter(scalingColumns scales: [Scalar]? = nil) -> Matrix {
    var result = Matrix(rows: columns, columns: columns)
    guard rows > 0, columns > 0 else { return result }
    let means = scales.map { Swift.zip(columnMeans, $0).map { $0 * $1 } } ?? columnMeans
    let height = 256
    for start in stride(from: 0, to: rows, by: height) {
      var block = selecting(rows: Array(start..<min(start + height, rows)))
      if let scales { block = block.scaled(columns: scales) }
      block = block.subtracting(row: means)
      result.elements.withUnsafeMutableBufferPointer { sum in
        Scalar.kernels.syrk(
          CBLASOption.rowMajor, CBLASOption.upper, CBLASOption.transpose(true), Int32(columns),
          Int32(block.rows), 1, block.elements, Int32(columns), 1, sum.baseAddress, Int32(columns))
      }
    }
    result.mirrorUpper()
    return result
  }

  private func symmetricProduct(order: Int, inner: Int, transposing: Bool) -> Matrix {
    var result = Matrix(rows: order, columns: order)
    guard order > 0, inner > 0 else { return result }
    result.elements.withUnsafeMutableBufferPointer { product in
      Scalar.kernels.syrk(
        CBLASOption.rowMajor, CBLASOption.upper, CBLASOption.transpose(transposing), Int32(order),
        Int32(inner), 1, elements, Int32(columns), 0, product.baseAddress, Int32(order))
    }
    result.mirrorUpper()
    return result
  }

  /// Copies the upper triangle of a square matrix to the lower.
  mutating func mirrorUpper() {
    let order = rows
    elements.withUnsafeMutableBufferPointer { entries in
      for row in 1..<max(order, 1) {
        for column in 0..<row { entries[row * order + column] = entries[column * order + row] }
      }
    }
  }

  /// The matrix product A · B.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public static func * (left: Matrix, right: Matrix) -> Matrix { left.multiplied(by: right) }
}
