public import LinearAlgebra
import Randomness

/// The leading eigenvectors of a large symmetric matrix that is known by its products alone.
///
/// G. H. Golub, R. Underwood. "The Block Lanczos Method for Computing Eigenvalues." Mathematical
/// Software III, 1977.
///
/// ```
/// V_0 orthonormal, n × b;   V_{j+1} spans (I − V Vᵀ) W V_j,   V = (V_0, …, V_j)   (1)
/// T = Vᵀ W V,   T s = θ s,   y = V s                                            (2)
/// ‖W y − θ y‖ = ‖(I − V Vᵀ) W V_j s_j‖                                          (3)
/// ```
///
/// s_j are the last b entries of s. (1) is made orthogonal to all of V three times, so that (3)
/// falls to rounding. A block wider than the vectors asked for finds eigenvalues that stand more than once.
///
/// - Complexity: a product with n × b and O(n m b) a step, m = b (j + 1) columns of V so far.
public struct BlockLanczos {
  /// n.
  private let order: Int
  /// W Y of n × b values.
  private let multiply: (Matrix<Double>) -> Matrix<Double>
  /// The largest (3) of an eigenvector that is found; W's largest eigenvalue is of the order of 1.
  private let tolerance = 1e-14
  /// Columns of a block beyond the vectors asked for.
  private static let guardColumns = 8

  /// The matrix of that order whose product with n × b values is `multiply`.
  public init(order: Int, multiply: @escaping (Matrix<Double>) -> Matrix<Double>) {
    self.order = order
    self.multiply = multiply
  }

  /// Whether so few eigenvectors of so large a matrix are found faster here than by reducing it to
  /// tridiagonal form.
  public static func suits(order: Int, count: Int) -> Bool {
    order >= 1000 && 12 * (count + guardColumns) <= order
  }

  /// The leading eigenpairs of a matrix, by descending eigenvalue; nil where this is not the way to find
  /// them, or where it failed.
  public static func leading(
    _ count: Int, of matrix: Matrix<Double>
  ) throws(LinearAlgebraError) -> SymmetricEigen<Double>? {
    guard suits(order: matrix.rows, count: count) else { return nil }
    let size = spectralSize(order: matrix.rows) { matrix * $0 }
    guard size > 0, size.isFinite else { return nil }
    let vectors = try BlockLanczos(order: matrix.rows) { matrix * $0 * (1 / size) }.leading(count)
    return vectors.map { vectors in
      SymmetricEigen(
        values: vectors.zip(matrix * vectors) { $0 * $1 }.columnSums, vectors: vectors)
    }
  }

  /// The order of the largest eigenvalue, by a few steps of the power method; 0 or not finite where they
  /// lead nowhere.
  public static func spectralSize(
    order: Int, _ multiply: (Matrix<Double>) -> Matrix<Double>
  ) -> Double {
    var probe = Matrix(rows: order, columns: 1, elements: (0..<order).map { 1 + Double($0 % 7) })
    var size = 0.0
    for _ in 0..<8 {
      probe = multiply(probe * (1 / probe.frobeniusNorm))
      size = probe.frobeniusNorm
      guard size > 0, size.isFinite else { break }
    }
    return size
  }

  /// The k leading eigenvectors, n × k, by descending eigenvalue; nil where V would need more than
  /// n / 3 columns, or rounding leaves errors above 1e-12.
  public func leading(_ count: Int) throws(LinearAlgebraError) -> Matrix<Double>? {
    var stream = RandomStream(RandomKey(seed: 0))
    let width = count + Self.guardColumns
    let drawn = Matrix(
      rows: order, columns: width, elements: (0..<order * width).map { _ in stream.normal() })
    var rows: [Double] = []  // Vᵀ
    var block = try orthonormalized(drawn, against: rows)
    var projection: [Matrix<Double>] = []  // the columns of T
    var nextCheck = 2 * width
    while rows.count / order + block.columns <= order / 3 {
      rows += block.transposed.elements
      let size = rows.count / order
      var image = multiply(block)
      projection.append(removeSpan(of: rows, from: &image))
      let remainder = image.gram
      let next = try orthonormalized(image, against: rows)
      if size >= nextCheck || next.columns == 0 {
        let eigen = try assembled(projection, size).symmetricEigen(.largest(count))  // (2)
        let last = eigen.vectors.selecting(rows: Array(size - block.columns..<size))
        let squares = last.zip(remainder * last) { $0 * $1 }.columnSums  // (3)
        if eigen.values.count == count, squares.allSatisfy({ $0 <= tolerance * tolerance }) {
          let found = Matrix(rows: size, columns: order, elements: rows)
            .multiplied(by: eigen.vectors, transposingSelf: true)
          let errors = multiply(found) - found.scaled(columns: eigen.values)
          return errors.frobeniusNorm <= 1e-12 ? found : nil
        }
        if next.columns == 0 { return nil }
        nextCheck = size + max(2 * width, size / 6)
      }
      block = next
    }
    return nil
  }

  /// Vᵀ Y, and Y less V Vᵀ Y in its place.
  private func removeSpan(of rows: [Double], from values: inout Matrix<Double>) -> Matrix<Double> {
    let basis = Matrix(rows: rows.count / order, columns: order, elements: rows)
    let coefficients = basis * values
    values = values - basis.multiplied(by: coefficients, transposingSelf: true)  // (1)
    return coefficients
  }

  /// An orthonormal basis of what the values span beside V; directions of rounding size are left
  /// out.
  private func orthonormalized(
    _ values: Matrix<Double>, against rows: [Double]
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    var basis = values
    for _ in 0..<2 where basis.columns > 0 {
      let columns = basis.transposed
      let lengths = columns.rowSquaredNorms.map { $0.squareRoot() }
      let kept = lengths.indices.filter { lengths[$0] > 1e-15 }
      basis = columns.selecting(rows: kept).rowsNormalized.transposed
      guard basis.columns > 0 else { break }
      let eigen = try basis.gram.symmetricEigen()
      if let least = eigen.values.first, least > 1e-8 {
        basis = basis * eigen.vectors.scaled(columns: eigen.values.map { 1 / $0.squareRoot() })
      } else {
        // The columns' products have lost what tells them apart.
        let decomposition = try basis.singularValues()
        let rank = decomposition.values.prefix { $0 > 1e-14 }.count
        basis = decomposition.left.selecting(columns: 0..<rank)
      }
      if !rows.isEmpty { _ = removeSpan(of: rows, from: &basis) }
    }
    return basis
  }

  /// T of its columns' upper parts, block by block.
  private func assembled(_ columns: [Matrix<Double>], _ size: Int) -> Matrix<Double> {
    var result = Matrix<Double>(rows: size, columns: size)
    var start = 0
    for part in columns {
      for row in 0..<part.rows {
        for column in 0..<part.columns {
          result[row, start + column] = part[row, column]
          result[start + column, row] = part[row, column]
        }
      }
      start += part.columns
    }
    return result
  }
}
