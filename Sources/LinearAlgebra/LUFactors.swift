/// P A = L U of a general square matrix, to solve with it more than once (xGETRF, xGETRS).
public struct LUFactors<Scalar: MatrixScalar>: Sendable {
  // LAPACK sees the row-major A as Aᵀ in its own order: these are Aᵀ's factors.
  private let factors: Matrix<Scalar>
  private let pivots: [Int32]

  /// Factors a matrix, in its own memory where nothing else holds it.
  public init(_ matrix: consuming Matrix<Scalar>) throws(LinearAlgebraError) {
    precondition(matrix.rows == matrix.columns, "This decomposition needs a square matrix.")
    let routine = "\(Scalar.kernels.prefix)getrf"
    guard matrix.isFinite else { throw .notFinite(routine: routine) }
    let order = Int32(matrix.rows)
    var pivots = [Int32](repeating: 0, count: matrix.rows)
    if order > 0 {
      let info = matrix.elements.withUnsafeMutableBufferPointer { entries in
        Scalar.kernels.getrf(columnMajor, order, order, entries.baseAddress, order, &pivots)
      }
      if info > 0 { throw .singular(routine: routine, pivot: Int(info)) }
      if info != 0 { throw .illegalArgument(routine: routine, info: Int(info)) }
    }
    factors = matrix
    self.pivots = pivots
  }

  /// A⁻¹ B, for B of n rows.
  public func solve(_ right: Matrix<Scalar>) -> Matrix<Scalar> {
    precondition(right.rows == factors.rows, "The two sides of a system have the same rows.")
    guard !right.elements.isEmpty else { return right }
    var solution = right.transposed
    let order = Int32(factors.rows)
    let info = solution.elements.withUnsafeMutableBufferPointer { entries in
      Scalar.kernels.getrs(
        columnMajor, CChar(UInt8(ascii: "T")), order, Int32(right.columns), factors.elements,
        order, pivots, entries.baseAddress, order)
    }
    precondition(info == 0, "LAPACK refused an argument of getrs.")
    return solution.transposed
  }
}

private let columnMajor: Int32 = 102  // LAPACK_COL_MAJOR
