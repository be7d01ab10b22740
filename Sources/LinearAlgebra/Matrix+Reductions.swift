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
      var sums = [Scalar](repeating: 0, count: columns)
      for row in 0..<rows {
        for column in 0..<columns { sums[column] += elements[row * columns + column] }
      }
      return sums
    }
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
      let centred = centred
      var squares = [Scalar](repeating: 0, count: columns)
      for row in 0..<rows {
        for column in 0..<columns {
          let entry = centred.elements[row * columns + column]
          squares[column] += entry * entry
        }
      }
      return squares.map { ($0 / Scalar(max(rows, 1))).squareRoot() }
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
