internal import CKernels

extension Matrix {
  /// The columns of one row that may be among the lowest.
  ///
  /// A column's value is `offsets[column]` less twice the entry. The columns returned, ascending,
  /// are those of value at most `slack` above the `count`-th lowest. The values' minima over
  /// `blockWidth` columns each come first; only blocks with a low minimum are looked into.
  ///
  /// - Returns: all columns where that limit is not finite.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func nearColumns(
    ofRow row: Int, offsets: [Scalar], count: Int, slack: Scalar
  ) -> [Int] {
    let width = columns
    precondition(offsets.count == width, "There is one offset for each column.")
    return elements.withUnsafeBufferPointer { elements in
      offsets.withUnsafeBufferPointer { offsets in
        let entries = UnsafeBufferPointer(rebasing: elements[row * width..<(row + 1) * width])
        let blockWidth = Int(CK_BLOCK_WIDTH)
        let blockCount = (width + blockWidth - 1) / blockWidth
        return withUnsafeTemporaryAllocation(of: Scalar.self, capacity: blockCount + count) {
          scratch in
          scratch.initialize(repeating: .infinity)
          let minima = UnsafeMutableBufferPointer(rebasing: scratch[..<blockCount])
          let lowest = UnsafeMutableBufferPointer(rebasing: scratch[blockCount...])
          Scalar.kernels.blockMinima(
            width, offsets.baseAddress, entries.baseAddress, minima.baseAddress)
          func columns(of block: Int) -> Range<Int> {
            block * blockWidth..<Swift.min((block + 1) * blockWidth, width)
          }
          for block in 0..<blockCount where minima[block] < lowest[count - 1] {
            for column in columns(of: block) {
              let value = offsets[column] - 2 * entries[column]
              guard value < lowest[count - 1] else { continue }
              var place = count - 1
              while place > 0, value < lowest[place - 1] {
                lowest[place] = lowest[place - 1]
                place -= 1
              }
              lowest[place] = value
            }
          }
          let limit = lowest[count - 1] + slack
          guard limit.isFinite else { return Array(0..<width) }
          var near: [Int] = []
          for block in 0..<blockCount where minima[block] <= limit {
            for column in columns(of: block)
            where offsets[column] - 2 * entries[column] <= limit { near.append(column) }
          }
          return near
        }
      }
    }
  }

  /// The column of each row whose value is the lowest, where no other is within the row's slack.
  ///
  /// A column's value is `offsets[column]` less twice the entry, as for `nearColumns`.
  ///
  /// - Returns: one column a row; nil where another comes within the slack, or the values are not
  ///   finite.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func lowestColumns(offsets: [Scalar], slacks: [Scalar]) -> [Int?] {
    precondition(
      offsets.count == columns && slacks.count == rows,
      "There is one offset for each column and one slack for each row.")
    let (height, width) = (rows, columns)
    let blockWidth = Int(CK_BLOCK_WIDTH)
    var minima = [Scalar](repeating: 0, count: (width + blockWidth - 1) / blockWidth)
    var lowest = [Int?](repeating: nil, count: height)
    elements.withUnsafeBufferPointer { elements in
      offsets.withUnsafeBufferPointer { offsets in
        minima.withUnsafeMutableBufferPointer { minima in
          for row in 0..<height {
            let entries = UnsafeBufferPointer(rebasing: elements[row * width..<(row + 1) * width])
            Scalar.kernels.blockMinima(
              width, offsets.baseAddress, entries.baseAddress, minima.baseAddress)
            let limit = (minima.min() ?? .infinity) + slacks[row]
            guard limit.isFinite else { continue }
            var found: Int?
            var isAlone = true
            for block in minima.indices where minima[block] <= limit {
              for column in block * blockWidth..<Swift.min((block + 1) * blockWidth, width)
              where offsets[column] - 2 * entries[column] <= limit {
                isAlone = found == nil
                found = column
              }
            }
            lowest[row] = isAlone ? found : nil
          }
        }
      }
    }
    return lowest
  }
}

extension Matrix<Double> {
  /// `factor` (x_ij − c_j) of some rows in single precision, and the rows' squared norms before they are
  /// rounded.
  public func rounded(
    rows: Range<Int>, centre: [Double], factor: Double
  ) -> (values: Matrix<Float>, squaredNorms: [Double]) {
    precondition(
      centre.count == columns && rows.lowerBound >= 0 && rows.upperBound <= self.rows,
      "There is one centre for each column, and the rows are the matrix's.")
    var squaredNorms = [Double](repeating: 0, count: rows.count)
    let entries = [Float](unsafeUninitializedCapacity: rows.count * columns) { result, count in
      elements.withUnsafeBufferPointer { elements in
        let part = UnsafeBufferPointer(
          rebasing: elements[rows.lowerBound * columns..<rows.upperBound * columns])
        ck_rounded_f32(
          rows.count, columns, part.baseAddress, centre, factor, result.baseAddress, &squaredNorms)
      }
      count = rows.count * columns
    }
    return (Matrix<Float>(rows: rows.count, columns: columns, elements: entries), squaredNorms)
  }

  /// The one of a few points, c × columns, that is nearest to each row.
  ///
  /// A point's value is `offsets[point]` less twice its product with the row. Another point whose
  /// value is within `slack` times the sum of the row's entry of `squares` and `largest` leaves the
  /// row in doubt.
  ///
  /// - Returns: one point a row; -1 where the row is in doubt, or the values are not finite.
  public func nearestOfFew(
    _ points: Matrix, offsets: [Double], squares: [Double], largest: Double, slack: Double
  ) -> [Int] {
    precondition(
      points.columns == columns && offsets.count == points.rows && squares.count == rows,
      "There is one offset for each point and one square for each row.")
    let needed = ck_few_products_scratch(columns, points.rows)
    return Array(unsafeUninitializedCapacity: rows) { nearest, count in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: needed) { scratch in
        ck_nearest_of_few_f64(
          rows, columns, points.rows, elements, points.elements, offsets, squares, largest, slack,
          scratch.baseAddress, nearest.baseAddress)
      }
      count = rows
    }
  }

  /// The sums of the rows of each group, groups × columns.
  public func sums(ofGroups groups: [Int], count: Int) -> Matrix {
    precondition(
      groups.count == rows && groups.allSatisfy { (0..<count).contains($0) },
      "Every row is in one of the groups.")
    var sums = Matrix(rows: count, columns: columns)
    sums.elements.withUnsafeMutableBufferPointer { sums in
      ck_add_rows_to_groups_f64(rows, columns, elements, groups, sums.baseAddress)
    }
    return sums
  }

  /// Σ_j (x_j − y_j)² of each row x and one point y, added up in the order of the columns.
  public func plainSquaredDistances(to point: ArraySlice<Double>) -> [Double] {
    precondition(point.count == columns, "A point has the features of the rows.")
    return Array(unsafeUninitializedCapacity: rows) { distances, count in
      point.withUnsafeBufferPointer { point in
        ck_plain_squared_distances_f64(
          rows, columns, elements, point.baseAddress, distances.baseAddress)
      }
      count = rows
    }
  }
}
