internal import CKernels

extension Matrix<Double> {
  /// Products of the rows with a few points, and what curvatures make of them.
  ///
  /// Of each point p with the offset b and curvatures κ:
  ///
  /// ```
  /// u = X p + b,   s = Xᵀ (κ ∘ u),   t = Σ_i κ_i u_i
  /// ```
  ///
  /// The rows are read once for all points.
  ///
  /// - Parameters:
  ///   - points: (p, b), one a row.
  ///   - curvatures: κ, one row for each point.
  /// - Returns: u and (s, t), one row for each point.
  public func curvedProducts(
    _ points: Matrix, curvatures: Matrix
  ) -> (products: Matrix, slopes: Matrix) {
    precondition(
      points.columns == columns + 1, "A point has an entry for each column, and an offset.")
    precondition(
      curvatures.rows == points.rows && curvatures.columns == rows,
      "There is a curvature for each point and row.")
    let count = points.rows
    var products = Matrix(rows: count, columns: rows)
    var slopes = Matrix(rows: count, columns: columns + 1)
    products.elements.withUnsafeMutableBufferPointer { products in
      slopes.elements.withUnsafeMutableBufferPointer { slopes in
        withUnsafeTemporaryAllocation(
          of: Double.self, capacity: ck_curved_products_scratch(columns, count)
        ) { scratch in
          ck_curved_products_f64(
            rows, columns, count, elements, points.elements, curvatures.elements,
            products.baseAddress, slopes.baseAddress, scratch.baseAddress)
        }
      }
    }
    return (products, slopes)
  }
}
