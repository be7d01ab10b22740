import LinearAlgebra

/// The linear assignment problem: rows matched one to one to columns.
///
/// The Hungarian method with shortest augmenting paths and row and column potentials: R. Jonker,
/// A. Volgenant. "A shortest augmenting path algorithm for dense and sparse linear assignment
/// problems." Computing 38, 1987. Written here because the C library of Debian that solves it,
/// GLPK, wants a graph with integer costs and would be a dependency for matrices of the order
/// of the number of classes.
///
/// - Complexity: O(s² l) for s rows or columns, the fewer, and l, the more.
enum Assignment {
  /// The column of each row such that the sum of the matched entries is greatest.
  ///
  /// The fewer of rows and columns are all matched; a row left over gets nil.
  static func maximising(_ gains: Matrix<Double>) -> [Int?] {
    if gains.rows <= gains.columns {
      return minimising(gains.map { -$0 }).map { Optional($0) }
    }
    var columnOfRow = [Int?](repeating: nil, count: gains.rows)
    for (column, row) in minimising(gains.transposed.map { -$0 }).enumerated() {
      columnOfRow[row] = column
    }
    return columnOfRow
  }

  /// The column of each row such that the sum of the matched costs is least, rows ≤ columns.
  private static func minimising(_ costs: Matrix<Double>) -> [Int] {
    let columns = costs.columns
    let unmatched = -1
    var rowPotentials = [Double](repeating: 0, count: costs.rows)
    // One column more than there are: the column `columns` is where every search starts.
    var columnPotentials = [Double](repeating: 0, count: columns + 1)
    var rowOfColumn = [Int](repeating: unmatched, count: columns + 1)
    for row in 0..<costs.rows {
      var distances = [Double](repeating: .infinity, count: columns)
      var previous = [Int](repeating: columns, count: columns)
      var isVisited = [Bool](repeating: false, count: columns + 1)
      var column = columns
      rowOfColumn[column] = row
      while rowOfColumn[column] != unmatched {
        isVisited[column] = true
        let current = rowOfColumn[column]
        var step = Double.infinity
        var nearest = columns
        for other in 0..<columns where !isVisited[other] {
          let reduced =
            costs[current, other] - rowPotentials[current] - columnPotentials[other]
          if reduced < distances[other] {
            distances[other] = reduced
            previous[other] = column
          }
          if distances[other] < step {
            step = distances[other]
            nearest = other
          }
        }
        for other in 0...columns where isVisited[other] {
          rowPotentials[rowOfColumn[other]] += step
          columnPotentials[other] -= step
        }
        for other in 0..<columns where !isVisited[other] { distances[other] -= step }
        column = nearest
      }
      while column != columns {
        rowOfColumn[column] = rowOfColumn[previous[column]]
        column = previous[column]
      }
    }
    var columnOfRow = [Int](repeating: 0, count: costs.rows)
    for column in 0..<columns where rowOfColumn[column] != unmatched {
      columnOfRow[rowOfColumn[column]] = column
    }
    return columnOfRow
  }
}
