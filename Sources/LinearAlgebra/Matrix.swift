/// A dense matrix: row-major, contiguous, with value semantics.
///
/// Rows are samples.
public struct Matrix<Scalar: MatrixScalar>: Sendable, Hashable {
  /// The number of rows: samples.
  public let rows: Int
  /// The number of columns: features.
  public let columns: Int
  /// The entries, row after row; `rows × columns` of them.
  public var elements: [Scalar]

  /// A matrix with every entry `value`.
  @inlinable
  public init(rows: Int, columns: Int, repeating value: Scalar = 0) {
    self.init(
      rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
  }

  /// A matrix of the given entries, row after row.
  @inlinable
  public init(rows: Int, columns: Int, elements: [Scalar]) {
    precondition(
      rows >= 0 && columns >= 0 && elements.count == rows * columns,
      "A matrix needs as many elements as rows times columns.")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix of rows of equal length.
  public init(_ rows: [[Scalar]]) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "The rows of a matrix have one length.")
    self.init(rows: rows.count, columns: columns, elements: Array(rows.joined()))
  }

  /// The identity of that order.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public static func identity(_ order: Int) -> Matrix {
    var result = Matrix(rows: order, columns: order)
    for index in 0..<order { result[index, index] = 1 }
    return result
  }

  /// The square matrix with these entries on its diagonal.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public static func diagonal(_ entries: [Scalar]) -> Matrix {
    var result = Matrix(rows: entries.count, columns: entries.count)
    for (index, entry) in entries.enumerated() { result[index, index] = entry }
    return result
  }

  /// The entry in one row and column.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition(column >= 0 && column < columns, "The column lies outside the matrix.")
      return elements[row * columns + column]
    }
    set {
      precondition(column >= 0 && column < columns, "The column lies outside the matrix.")
      elements[row * columns + column] = newValue
    }
  }

  /// The entries of one row.
  @inlinable
  public func row(_ index: Int) -> ArraySlice<Scalar> {
    elements[index * columns..<(index + 1) * columns]
  }

  /// The entries of one column.
  @inlinable
  public func column(_ index: Int) -> [Scalar] {
    (0..<rows).map { self[$0, index] }
  }

  /// The rows at these indices, in their order; an index may stand more than once.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func selecting(rows indices: [Int]) -> Matrix {
    var selected: [Scalar] = []
    selected.reserveCapacity(indices.count * columns)
    for index in indices { selected.append(contentsOf: row(index)) }
    return Matrix(rows: indices.count, columns: columns, elements: selected)
  }

  /// The columns in a range.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func selecting(columns range: Range<Int>) -> Matrix {
    precondition(range.upperBound <= columns, "The columns lie outside the matrix.")
    var selected: [Scalar] = []
    selected.reserveCapacity(rows * range.count)
    for index in 0..<rows {
      selected.append(contentsOf: row(index).dropFirst(range.lowerBound).prefix(range.count))
    }
    return Matrix(rows: rows, columns: range.count, elements: selected)
  }

  /// The rows in blocks of at most 512, fewer where a block against `count` columns would have over
  /// a million entries, which a cache still holds.
  public func rowBlocks(against count: Int) -> [Range<Int>] {
    let height = Swift.max(16, Swift.min(512, 1_000_000 / Swift.max(count, 1)))
    return stride(from: 0, to: rows, by: height).map { $0..<Swift.min($0 + height, rows) }
  }

  /// The entries where these rows meet these columns, in their order.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func selecting(rows: [Int], columns: [Int]) -> Matrix {
    let width = self.columns
    precondition(
      rows.allSatisfy { (0..<self.rows).contains($0) }
        && columns.allSatisfy { (0..<width).contains($0) },
      "The rows and columns lie in the matrix.")
    let selected = [Scalar](unsafeUninitializedCapacity: rows.count * columns.count) {
      selected, count in
      elements.withUnsafeBufferPointer { entries in
        columns.withUnsafeBufferPointer { columns in
          for row in rows {
            for column in columns {
              selected.initializeElement(at: count, to: entries[row * width + column])
              count += 1
            }
          }
        }
      }
    }
    return Matrix(rows: rows.count, columns: columns.count, elements: selected)
  }

  /// This matrix with the rows of `other` below its own.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func appending(rows other: Matrix) -> Matrix {
    precondition(columns == other.columns, "Stacked matrices have the same columns.")
    return Matrix(rows: rows + other.rows, columns: columns, elements: elements + other.elements)
  }

  /// This matrix with the columns of `other` to the right of its own.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func appending(columns other: Matrix) -> Matrix {
    precondition(rows == other.rows, "Matrices side by side have the same rows.")
    var joined: [Scalar] = []
    joined.reserveCapacity(elements.count + other.elements.count)
    for index in 0..<rows {
      joined.append(contentsOf: row(index))
      joined.append(contentsOf: other.row(index))
    }
    return Matrix(rows: rows, columns: columns + other.columns, elements: joined)
  }

  /// The matrix with rows and columns exchanged.
  public var transposed: Matrix {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get {
      var result = Matrix(rows: columns, columns: rows)
      for row in 0..<rows {
        for column in 0..<columns {
          result.elements[column * rows + row] = elements[row * columns + column]
        }
      }
      return result
    }
  }

  /// The matrix with `transform` applied to every entry.
  @inlinable
  public func map(_ transform: (Scalar) -> Scalar) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: elements.map(transform))
  }

  /// Whether no entry is infinite or not a number.
  public var isFinite: Bool {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get {
      elements.allSatisfy(\.isFinite)
    }
  }
}
