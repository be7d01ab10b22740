/// A positive semidefinite kernel k(x, y).
public enum KernelFunction<Scalar: MatrixScalar>: Sendable, Hashable {
  /// xᵀy
  case linear
  /// exp(−γ ‖x − y‖²)
  case rbf(gamma: Scalar)
  /// (γ xᵀy + offset)^degree
  case polynomial(degree: Int, gamma: Scalar, offset: Scalar)

  /// The kernel between the rows of two matrices, n × m.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func matrix(_ left: Matrix<Scalar>, _ right: Matrix<Scalar>) -> Matrix<Scalar> {
    switch self {
    case .linear:
      return left.multiplied(by: right, transposingOther: true)
    case .rbf(let gamma):
      return left.squaredDistances(to: right) { block in
        Scalar.kernels.expScaled(block.count, -gamma, block.baseAddress)
      }
    case .polynomial(let degree, let gamma, let offset):
      return left.multiplied(by: right, transposingOther: true).map { product in
        let base = gamma * product + offset
        return (0..<degree).reduce(1) { power, _ in power * base }
      }
    }
  }

  /// The kernel among the rows of one matrix, n × n.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func matrix(_ samples: Matrix<Scalar>) -> Matrix<Scalar> {
    self == .linear ? samples.outerGram : matrix(samples, samples)
  }

  /// K W for the kernel K between the rows of two matrices, a block of K's rows at a time.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func product(
    _ left: Matrix<Scalar>, _ right: Matrix<Scalar>, _ weights: Matrix<Scalar>
  ) -> Matrix<Scalar> {
    var result = Matrix<Scalar>(rows: 0, columns: weights.columns)
    for range in left.rowBlocks(against: right.rows) {
      result = result.appending(rows: matrix(left.selecting(rows: Array(range)), right) * weights)
    }
    return result
  }

  /// The γ of the median heuristic: 1 / median of the squared distances between different rows.
  ///
  /// - Returns: 1 where the median is 0.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public static func medianGamma(_ samples: Matrix<Scalar>) -> Scalar {
    let distances = samples.squaredDistances(to: samples)
    var above: [Scalar] = []
    above.reserveCapacity(samples.rows * (samples.rows - 1) / 2)
    for row in 0..<samples.rows { above.append(contentsOf: distances.row(row).dropFirst(row + 1)) }
    guard !above.isEmpty else { return 1 }
    above.sort()
    let middle = above.count / 2
    let median = above.count % 2 == 1 ? above[middle] : (above[middle - 1] + above[middle]) / 2
    return median > 0 ? 1 / median : 1
  }
}

extension Matrix {
  /// exp(factor · x) of every entry x.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func exponential(scaledBy factor: Scalar = 1) -> Matrix {
    var result = self
    result.elements.withUnsafeMutableBufferPointer { entries in
      Scalar.kernels.expScaled(entries.count, factor, entries.baseAddress)
    }
    return result
  }
}
