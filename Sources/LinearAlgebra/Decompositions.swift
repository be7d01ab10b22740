import Foundation

// LAPACK sees a row-major matrix as the transpose of a column-major one. For symmetric
// matrices the two are the same, so these call the column-major routines directly and
// no copy is transposed on the way.

private let columnMajor: Int32 = 102  // LAPACK_COL_MAJOR
private let lower = CChar(UInt8(ascii: "L"))
private let vectors = CChar(UInt8(ascii: "V"))
private let byIndex = CChar(UInt8(ascii: "I"))
private let thin = CChar(UInt8(ascii: "S"))

/// A = U · diag(values) · Vᵀ.
public struct SingularValueDecomposition<Scalar: MatrixScalar>: Sendable {
  /// U, n × r with r = min(n, d).
  public let left: Matrix<Scalar>
  /// The r singular values, descending.
  public let values: [Scalar]
  /// V, d × r.
  public let right: Matrix<Scalar>
}

/// A = L Lᵀ of a symmetric positive definite matrix.
public struct Cholesky<Scalar: MatrixScalar>: Sendable {
  /// L, n × n, zero above the diagonal.
  public let lower: Matrix<Scalar>

  /// A⁻¹ B, for B of n rows.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func solve(_ right: Matrix<Scalar>) -> Matrix<Scalar> {
    precondition(right.rows == lower.rows, "The two sides of a system have the same rows.")
    guard !right.elements.isEmpty else { return right }
    var solution = right.transposed
    let order = Int32(lower.rows)
    solution.elements.withUnsafeMutableBufferPointer { entries in
      // A row-major L is a column-major Lᵀ: the upper factor of A = (Lᵀ)ᵀ Lᵀ.
      let info = Scalar.kernels.potrs(
        columnMajor, CChar(UInt8(ascii: "U")), order, Int32(right.columns), lower.elements, order,
        entries.baseAddress, order)
      precondition(info == 0, "LAPACK refused an argument of potrs.")
    }
    return solution.transposed
  }

  /// Lᵀ B L of a square matrix B, in its memory where nothing else holds it (TRMM).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func congruent(_ other: consuming Matrix<Scalar>) -> Matrix<Scalar> {
    transform(other, by: Scalar.kernels.trmm)
  }

  /// L⁻ᵀ B L⁻¹ of a square matrix B, in its memory where nothing else holds it (TRSM).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func inverselyCongruent(_ other: consuming Matrix<Scalar>) -> Matrix<Scalar> {
    transform(other, by: Scalar.kernels.trsm)
  }

  private func transform(
    _ other: consuming Matrix<Scalar>, by routine: Kernels<Scalar>.Triangular
  ) -> Matrix<Scalar> {
    let order = Int32(lower.rows)
    precondition(
      other.rows == lower.rows && other.columns == lower.rows,
      "A factor transforms a matrix of its order.")
    guard order > 0 else { return other }
    other.elements.withUnsafeMutableBufferPointer { entries in
      routine(
        CBLASOption.rowMajor, CBLASOption.left, CBLASOption.lower, CBLASOption.transpose(true),
        CBLASOption.anyDiagonal, order, order, 1, lower.elements, order, entries.baseAddress, order)
      routine(
        CBLASOption.rowMajor, CBLASOption.right, CBLASOption.lower, CBLASOption.transpose(false),
        CBLASOption.anyDiagonal, order, order, 1, lower.elements, order, entries.baseAddress, order)
    }
    return other
  }

  /// A⁻¹, in this factor's memory where nothing else holds it (xPOTRI).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public consuming func inverse() -> Matrix<Scalar> {
    var inverse = (consume self).lower
    let order = inverse.rows
    guard order > 0 else { return inverse }
    inverse.elements.withUnsafeMutableBufferPointer { entries in
      let info = Scalar.kernels.potri(
        columnMajor, CChar(UInt8(ascii: "U")), Int32(order), entries.baseAddress, Int32(order))
      precondition(info == 0, "LAPACK refused an argument of potri.")
      for row in 0..<order {
        for column in 0..<row {
          entries[column * order + row] = entries[row * order + column]
        }
      }
    }
    return inverse
  }
}

extension Cholesky<Double> {
  /// log det A.
  public var logDeterminant: Double {
    2 * (0..<lower.rows).reduce(0.0) { $0 + log(lower[$1, $1]) }
  }
}

extension Matrix {
  /// The Cholesky factor of this symmetric matrix, in its memory where nothing else holds it; only
  /// its lower triangle is read (xPOTRF).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public consuming func cholesky() throws(LinearAlgebraError) -> Cholesky<Scalar> {
    requireSquare()
    let routine = name("potrf")
    try requireFinite(routine)
    let order = Int32(rows)
    let info = elements.withUnsafeMutableBufferPointer { entries in
      Scalar.kernels.potrf(
        columnMajor, CChar(UInt8(ascii: "U")), order, entries.baseAddress, max(order, 1))
    }
    if info > 0 { throw .notPositiveDefinite(routine: routine, order: Int(info)) }
    try check(info, routine)
    for row in 0..<rows {
      for column in row + 1..<max(rows, row + 1) { self[row, column] = 0 }
    }
    return Cholesky(lower: self)
  }

  /// Eigenpairs of this symmetric matrix; one triangle is read.
  ///
  /// All by xSYEVD; a few by xSYEVR in double precision, whose single-precision form is slower
  /// than computing them all. Both work in this matrix's own memory where nothing else holds it;
  /// xSYEVR needs little beside it and the vectors, xSYEVD twice as much again.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public consuming func symmetricEigen(
    _ selection: EigenSelection = .all
  ) throws(LinearAlgebraError) -> SymmetricEigen<Scalar> {
    requireSquare()
    guard rows > 0 else {
      return SymmetricEigen(values: [], vectors: Matrix(rows: 0, columns: 0))
    }
    let (first, last) = indices(of: selection)
    guard first <= last else {
      return SymmetricEigen(values: [], vectors: Matrix(rows: rows, columns: 0))
    }
    if last - first + 1 == rows || Scalar.self == Float.self {
      return try allEigenpairs().selecting(first - 1..<last, descending: selection.isDescending)
    }
    let routine = name("syevr")
    try requireFinite(routine)
    let order = Int32(rows)
    var values = [Scalar](repeating: 0, count: rows)
    var rowsOfVectors = Matrix(rows: last - first + 1, columns: rows)
    var support = [Int32](repeating: 0, count: 2 * rows)
    var found: Int32 = 0
    let info = rowsOfVectors.elements.withUnsafeMutableBufferPointer { entries in
      elements.withUnsafeMutableBufferPointer { work in
        Scalar.kernels.syevr(
          columnMajor, vectors, byIndex, lower, order, work.baseAddress, order, 0, 0,
          Int32(first), Int32(last), 0, &found, &values, entries.baseAddress, order, &support)
      }
    }
    try check(info, routine, converges: true)
    return SymmetricEigen(
      values: Array(values.prefix(Int(found))), vectors: rowsOfVectors.transposed
    ).selecting(0..<Int(found), descending: selection.isDescending)
  }

  private consuming func allEigenpairs() throws(LinearAlgebraError) -> SymmetricEigen<Scalar> {
    let routine = name("syevd")
    try requireFinite(routine)
    var values = [Scalar](repeating: 0, count: rows)
    let order = Int32(rows)
    let info = elements.withUnsafeMutableBufferPointer { entries in
      Scalar.kernels.syevd(
        columnMajor, vectors, lower, order, entries.baseAddress, order, &values)
    }
    try check(info, routine, converges: true)
    return SymmetricEigen(values: values, vectors: transposed)
  }

  /// Solutions of A v = λ B v, with B positive definite and vᵀ B v = 1.
  ///
  /// All by xSYGVD; a few by xSYGVX.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func symmetricEigen(
    relativeTo metric: Matrix, _ selection: EigenSelection = .all
  ) throws(LinearAlgebraError) -> SymmetricEigen<Scalar> {
    requireSquare()
    precondition(
      metric.rows == rows && metric.columns == rows,
      "Both matrices of a generalised eigenproblem have one order.")
    guard rows > 0 else { return SymmetricEigen(values: [], vectors: self) }
    let (first, last) = indices(of: selection)
    guard first <= last else {
      return SymmetricEigen(values: [], vectors: Matrix(rows: rows, columns: 0))
    }
    let all = last - first + 1 == rows || Scalar.self == Float.self
    let routine = name(all ? "sygvd" : "sygvx")
    try requireFinite(routine)
    try metric.requireFinite(routine)
    let order = Int32(rows)
    var left = elements
    var right = metric.elements
    var values = [Scalar](repeating: 0, count: rows)
    var found = order
    var rowsOfVectors = Matrix(rows: all ? 0 : last - first + 1, columns: rows)
    let info: Int32
    if all {
      info = Scalar.kernels.sygvd(
        columnMajor, 1, vectors, lower, order, &left, order, &right, order, &values)
      rowsOfVectors = Matrix(rows: rows, columns: rows, elements: left)
    } else {
      var failed = [Int32](repeating: 0, count: rows)
      info = rowsOfVectors.elements.withUnsafeMutableBufferPointer { entries in
        Scalar.kernels.sygvx(
          columnMajor, 1, vectors, byIndex, lower, order, &left, order, &right, order, 0, 0,
          Int32(first), Int32(last), 0, &found, &values, entries.baseAddress, order, &failed)
      }
    }
    if info > order {
      throw .notPositiveDefinite(routine: routine, order: Int(info - order))
    }
    try check(info, routine, converges: true)
    let range = all ? first - 1..<last : 0..<Int(found)
    return SymmetricEigen(values: values, vectors: rowsOfVectors.transposed)
      .selecting(range, descending: selection.isDescending)
  }

  /// The thin singular value decomposition (xGESDD).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func singularValues() throws(LinearAlgebraError) -> SingularValueDecomposition<Scalar> {
    let rank = min(rows, columns)
    guard rank > 0 else {
      return SingularValueDecomposition(
        left: Matrix(rows: rows, columns: 0), values: [], right: Matrix(rows: columns, columns: 0))
    }
    let routine = name("gesdd")
    try requireFinite(routine)
    // LAPACK sees Aᵀ = V Σ Uᵀ: its U is our V, and its Vᵀ in column-major order our U.
    var work = elements
    var values = [Scalar](repeating: 0, count: rank)
    var rightRows = Matrix(rows: rank, columns: columns)
    var left = Matrix(rows: rows, columns: rank)
    let info = rightRows.elements.withUnsafeMutableBufferPointer { right in
      left.elements.withUnsafeMutableBufferPointer { left in
        Scalar.kernels.gesdd(
          columnMajor, thin, Int32(columns), Int32(rows), &work, Int32(columns), &values,
          right.baseAddress, Int32(columns), left.baseAddress, Int32(rank))
      }
    }
    try check(info, routine, converges: true)
    return SingularValueDecomposition(left: left, values: values, right: rightRows.transposed)
  }

  /// The X of least norm that minimises ‖A X − B‖, columns × B's columns (xGELSD).
  ///
  /// Singular values below the machine precision times the largest count as zero.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func leastSquares(_ right: Matrix) throws(LinearAlgebraError) -> Matrix {
    precondition(right.rows == rows, "The two sides of a system have the same rows.")
    guard rows > 0, columns > 0, right.columns > 0 else {
      return Matrix(rows: columns, columns: right.columns)
    }
    let routine = name("gelsd")
    try requireFinite(routine)
    try right.requireFinite(routine)
    let height = max(rows, columns)
    var work = transposed.elements
    var solution = Matrix(rows: right.columns, columns: height)
    for row in 0..<right.rows {
      for column in 0..<right.columns { solution[column, row] = right[row, column] }
    }
    var values = [Scalar](repeating: 0, count: min(rows, columns))
    var rank: Int32 = 0
    let info = solution.elements.withUnsafeMutableBufferPointer { entries in
      Scalar.kernels.gelsd(
        columnMajor, Int32(rows), Int32(columns), Int32(right.columns), &work, Int32(rows),
        entries.baseAddress, Int32(height), &values, -1, &rank)
    }
    try check(info, routine, converges: true)
    return solution.selecting(columns: 0..<columns).transposed
  }

  /// A⁻¹ B of a general square matrix (xGESV).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func solve(_ right: Matrix) throws(LinearAlgebraError) -> Matrix {
    requireSquare()
    precondition(right.rows == rows, "The two sides of a system have the same rows.")
    guard rows > 0, right.columns > 0 else { return right }
    let routine = name("gesv")
    try requireFinite(routine)
    try right.requireFinite(routine)
    let order = Int32(rows)
    var work = transposed.elements
    var solution = right.transposed
    var pivots = [Int32](repeating: 0, count: rows)
    let info = solution.elements.withUnsafeMutableBufferPointer { entries in
      Scalar.kernels.gesv(
        columnMajor, order, Int32(right.columns), &work, order, &pivots, entries.baseAddress, order)
    }
    if info > 0 { throw .singular(routine: routine, pivot: Int(info)) }
    try check(info, routine)
    return solution.transposed
  }

  /// A^½ of a symmetric positive semidefinite matrix, in the memory of two matrices where nothing
  /// else holds this one.
  ///
  /// By xSYEVR, which needs little beside its vectors:
  ///
  /// ```
  /// A^½ = (diag(λ^¼) Vᵀ)ᵀ (diag(λ^¼) Vᵀ)
  /// ```
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public consuming func squareRoot() throws(LinearAlgebraError) -> Matrix {
    requireSquare()
    guard rows > 0 else { return self }
    let routine = name("syevr")
    try requireFinite(routine)
    let order = Int32(rows)
    var values = [Scalar](repeating: 0, count: rows)
    var rowsOfVectors = Matrix(rows: rows, columns: rows)
    var support = [Int32](repeating: 0, count: 2 * rows)
    var found: Int32 = 0
    let info = rowsOfVectors.elements.withUnsafeMutableBufferPointer { entries in
      elements.withUnsafeMutableBufferPointer { work in
        Scalar.kernels.syevr(
          columnMajor, vectors, byIndex, lower, order, work.baseAddress, order, 0, 0, 1, order, 0,
          &found, &values, entries.baseAddress, order, &support)
      }
    }
    try check(info, routine, converges: true)
    self = Matrix(rows: 0, columns: 0)
    let tolerance = Scalar(values.count) * .ulpOfOne * Swift.max(values.last ?? 0, 0)
    guard (values.first ?? 0) >= -tolerance else {
      throw .notPositiveDefinite(routine: routine, order: values.count)
    }
    rowsOfVectors.scale(rows: values.map { Swift.max($0, 0).squareRoot().squareRoot() })
    return rowsOfVectors.gram
  }

  /// A^(−½) of a symmetric positive definite matrix.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func inverseSquareRoot() throws(LinearAlgebraError) -> Matrix {
    let eigen = try symmetricEigen()
    let floor = (eigen.values.last ?? 0) * .ulpOfOne
    guard eigen.values.allSatisfy({ $0 > floor }) else {
      throw .notPositiveDefinite(routine: name("syevd"), order: rows)
    }
    return eigen.vectors.scaled(columns: eigen.values.map { 1 / $0.squareRoot() })
      .multiplied(by: eigen.vectors, transposingOther: true)
  }

  private func requireSquare() {
    precondition(rows == columns, "This decomposition needs a square matrix.")
  }

  private func requireFinite(_ routine: String) throws(LinearAlgebraError) {
    guard isFinite else { throw .notFinite(routine: routine) }
  }

  private func name(_ routine: String) -> String { "\(Scalar.kernels.prefix)\(routine)" }

  private func check(
    _ info: Int32, _ routine: String, converges: Bool = false
  ) throws(LinearAlgebraError) {
    if info > 0, converges { throw .notConverged(routine: routine, info: Int(info)) }
    if info != 0 { throw .illegalArgument(routine: routine, info: Int(info)) }
  }

  /// The selected eigenvalues' positions in ascending order, counted from 1.
  private func indices(of selection: EigenSelection) -> (first: Int, last: Int) {
    switch selection {
    case .all: (1, rows)
    case .largest(let count): (rows - Swift.min(count, rows) + 1, rows)
    case .smallest(let count): (1, Swift.min(count, rows))
    }
  }
}
