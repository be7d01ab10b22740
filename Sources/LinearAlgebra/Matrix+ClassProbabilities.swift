extension Matrix<Double> {
  /// exp(x) / Σ exp(x) along each row.
  public var rowSoftmax: Matrix<Double> {
    let normalizers = rowLogSumExp
    var shifted = self
    for row in 0..<rows {
      for index in row * columns..<(row + 1) * columns {
        shifted.elements[index] -= normalizers[row]
      }
    }
    return shifted.exponential()
  }

  /// The columns at their places among `count`, the others filled with `value`.
  public func spreading(columns places: [Int], over count: Int, filling value: Double) -> Matrix<
    Double
  > {
    if places.count == count { return self }
    var result = Matrix(rows: rows, columns: count, repeating: value)
    for row in 0..<rows {
      for (column, place) in places.enumerated() { result[row, place] = self[row, column] }
    }
    return result
  }
}
