internal import CKernels

// What a step between two matrices without negative entries needs of their logarithms.

extension Matrix<Double> {
  /// Σ x log x of the entries x = a + t (b − a), from this matrix a to another b; 0 log 0 is 0.
  public func entropy(towards other: Matrix, _ length: Double) -> Double {
    requireShape(other)
    return ck_entropy_towards_f64(elements.count, elements, other.elements, length)
  }

  /// Σ (b − a) log a over the entries a above 0: the derivative of `entropy` at t = 0 where both
  /// matrices have one sum.
  public func entropySlope(towards other: Matrix) -> Double {
    requireShape(other)
    return ck_entropy_slope_f64(elements.count, elements, other.elements)
  }

  /// The sums over each group's rows of the products with another matrix's entries, groups × columns.
  public func productSums(with other: Matrix, ofGroups groups: [Int], count: Int) -> Matrix {
    requireShape(other)
    precondition(
      groups.count == rows && groups.allSatisfy { (0..<count).contains($0) },
      "Every row is in one of the groups.")
    var sums = Matrix(rows: count, columns: columns)
    sums.elements.withUnsafeMutableBufferPointer { sums in
      ck_add_products_to_groups_f64(
        rows, columns, elements, other.elements, groups, sums.baseAddress)
    }
    return sums
  }

  private func requireShape(_ other: Matrix) {
    precondition(
      rows == other.rows && columns == other.columns,
      "Matrices combined entry by entry have one shape.")
  }
}
