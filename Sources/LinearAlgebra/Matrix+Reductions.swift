/// What a variance is divided by.
public enum VarianceDenominator: Sendable {
  /// n: the variance of these very numbers.
  case population
  /// n − 1: the unbiased estimate of the variance they were drawn from.
  case sample
}

extension Matrix {
  /// The sum of each column.
  public var columnSums: [Scalar] {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get {
      sums { $0 }
    }
  }

  /// The sums over rows of some function of the entries, one a column.
  private func sums(of function: (Scalar) -> Scalar) -> [Scalar] {
    var sums = [Scalar](repeating: 0, count: columns)
    let (height, width) = (rows, columns)
    sums.withUnsafeMutableBufferPointer { sums in
      elements.withUnsafeBufferPointer { entries in
        for row in 0..<height {
          let start = row * width
          for column in 0..<width { sums[column] += function(entries[start + column]) }
        }
      }
    }
    return sums
  }

  /// The mean of each column; zeros where there are no rows.
  public var columnMeans: [Scalar] {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get {
      let count = Scalar(max(rows, 1))
      return columnSums.map { $0 / count }
    }
  }

  /// The standard deviation of each column, divided by n.
  public var columnStandardDeviations: [Scalar] {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get {
      centred.sums { $0 * $0 }.map { ($0 / Scalar(max(rows, 1))).squareRoot() }
    }
  }

  /// The sum of each row.
  public var rowSums: [Scalar] {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get {
      (0..<rows).map { row(($0)).reduce(0, +) }
    }
  }

  /// The squared ℓ2 norm of each row.
  public var rowSquaredNorms: [Scalar] {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get {
      (0..<rows).map { index in
        var sum: Scalar = 0
        for entry in row(index) { sum += entry * entry }
        return sum
      }
    }
  }

  /// The square root of the sum of all squares.
  public var frobeniusNorm: Scalar {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get {
      var sum: Scalar = 0
      for entry in elements { sum += entry * entry }
      return sum.squareRoot()
    }
  }

  /// The sum of the diagonal.
  public var trace: Scalar {
    @specialized(where Scalar == Double)
    @specialized(where Scalar == Float)
    get {
      var sum: Scalar = 0
      for index in 0..<min(rows, columns) { sum += self[index, index] }
      return sum
    }
  }

  /// The covariance of the columns, columns × columns.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func covariance(_ denominator: VarianceDenominator = .sample) -> Matrix {
    let count = denominator == .sample ? max(rows - 1, 1) : max(rows, 1)
    return centred.gram * (1 / Scalar(count))
  }
}
