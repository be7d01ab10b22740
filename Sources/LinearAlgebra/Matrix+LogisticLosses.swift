internal import CKernels

extension Matrix<Double> {
  /// Σ_i `shares`_i (log Σ_c exp s_c(x_i) − s_{y_i}(x_i)) of the rows x_i, and its slopes.
  ///
  /// With one offset there are two classes with the logits 0 and s = xᵀw + b; else one logit for each
  /// offset, s = W x + b.
  ///
  /// The rows are read once. A row that gives no finite number makes the value none.
  ///
  /// - Parameters:
  ///   - point: W by rows, then what is not read here.
  ///   - offsets: b.
  ///   - labels: y, below the number of classes.
  ///   - shares: how much each row counts.
  ///   - slopes: takes the slopes in W and then those in b.
  /// - Returns: the sum.
  public func logisticLosses(
    at point: [Double], offsets: [Double], labels: [Int], shares: [Double],
    slopes: inout [Double]
  ) -> Double {
    let logits = offsets.count
    precondition(
      labels.count == rows && shares.count == rows, "There is one label and share for each row.")
    precondition(
      labels.allSatisfy { $0 >= 0 && $0 < Swift.max(logits, 2) },
      "Labels lie below the number of classes.")
    precondition(
      point.count >= logits * columns && slopes.count == logits * (columns + 1),
      "There is a weight for each logit and column.")
    return slopes.withUnsafeMutableBufferPointer { slopes in
      guard let start = slopes.baseAddress else { return 0 }
      let offsetSlopes = start + logits * columns
      if logits == 1 {
        return ck_pair_losses_f64(
          rows, columns, elements, point, offsets[0], labels, shares, start, offsetSlopes)
      }
      let needed = ck_few_products_scratch(columns, logits)
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: needed) { scratch in
        ck_class_losses_f64(
          rows, columns, logits, elements, point, offsets, labels, shares, start, offsetSlopes,
          scratch.baseAddress)
      }
    }
  }

  /// Σ_i `weights`_i (x_ij − c_j)² of each column j.
  public func squaredDeviations(from centre: [Double], weights: [Double]) -> [Double] {
    precondition(
      centre.count == columns && weights.count == rows,
      "There is one centre for each column and one weight for each row.")
    return Array(unsafeUninitializedCapacity: columns) { sums, count in
      ck_weighted_squares_f64(rows, columns, elements, centre, weights, sums.baseAddress)
      count = columns
    }
  }

  /// (x_ij − c_j) f_j.
  public func standardized(centre: [Double], factors: [Double]) -> Matrix {
    precondition(
      centre.count == columns && factors.count == columns,
      "There is one centre and one factor for each column.")
    let entries = [Double](unsafeUninitializedCapacity: rows * columns) { result, count in
      ck_standardize_f64(rows, columns, elements, centre, factors, result.baseAddress)
      count = rows * columns
    }
    return Matrix(rows: rows, columns: columns, elements: entries)
  }
}
