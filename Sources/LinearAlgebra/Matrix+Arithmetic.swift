extension Matrix {
  /// The sum, entry by entry.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public static func + (left: Matrix, right: Matrix) -> Matrix { left.zip(right) { $0 + $1 } }

  /// The difference, entry by entry.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public static func - (left: Matrix, right: Matrix) -> Matrix { left.zip(right) { $0 - $1 } }

  /// Every entry times a number.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public static func * (left: Matrix, factor: Scalar) -> Matrix { left.map { $0 * factor } }

  /// Every entry times a number.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public static func * (factor: Scalar, right: Matrix) -> Matrix { right * factor }

  /// The two matrices combined entry by entry.
  @inlinable
  public func zip(_ other: Matrix, _ combine: (Scalar, Scalar) -> Scalar) -> Matrix {
    precondition(
      rows == other.rows && columns == other.columns,
      "Matrices combined entry by entry have one shape.")
    return Matrix(
      rows: rows, columns: columns,
      elements: Array(unsafeUninitializedCapacity: elements.count) { buffer, count in
        elements.withUnsafeBufferPointer { left in
          other.elements.withUnsafeBufferPointer { right in
            for index in left.indices {
              buffer.initializeElement(at: index, to: combine(left[index], right[index]))
            }
          }
        }
        count = elements.count
      })
  }

  /// Every row plus the same vector.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func adding(row vector: [Scalar]) -> Matrix {
    combiningRows(with: vector) { $0 + $1 }
  }

  /// Every row minus the same vector.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func subtracting(row vector: [Scalar]) -> Matrix {
    combiningRows(with: vector) { $0 - $1 }
  }

  /// Each column times its own factor: A · diag(factors).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func scaled(columns factors: [Scalar]) -> Matrix {
    combiningRows(with: factors) { $0 * $1 }
  }

  /// Each row times its own factor: diag(factors) · A.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func scaled(rows factors: [Scalar]) -> Matrix {
    var result = self
    result.scale(rows: factors)
    return result
  }

  /// Multiplies each row by its own factor.
  mutating func scale(rows factors: [Scalar]) {
    precondition(factors.count == rows, "Scaling rows takes one factor a row.")
    let width = columns
    elements.withUnsafeMutableBufferPointer { entries in
      for (row, factor) in factors.enumerated() {
        for index in row * width..<(row + 1) * width { entries[index] *= factor }
      }
    }
  }

  /// The matrix with `value` added to its diagonal, in its memory where nothing else holds it.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public consuming func adding(diagonal value: Scalar) -> Matrix {
    for index in 0..<min(rows, columns) { elements[index * columns + index] += value }
    return self
  }

  /// The columns' means subtracted from every row.
  public var centred: Matrix {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get { subtracting(row: columnMeans) }
  }

  /// Each row divided by its ℓ2 norm; a row of zeros stays as it is.
  public var rowsNormalized: Matrix {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get {
      scaled(rows: rowSquaredNorms.map { $0 > 0 ? 1 / $0.squareRoot() : 1 })
    }
  }

  private func combiningRows(
    with vector: [Scalar], _ combine: (Scalar, Scalar) -> Scalar
  ) -> Matrix {
    precondition(vector.count == columns, "A vector combined with rows has one entry a column.")
    var result = self
    let (height, width) = (rows, columns)
    result.elements.withUnsafeMutableBufferPointer { entries in
      vector.withUnsafeBufferPointer { vector in
        for row in 0..<height {
          let start = row * width
          for column in 0..<width {
            entries[start + column] = combine(entries[start + column], vector[column])
          }
        }
      }
    }
    return result
  }
}
