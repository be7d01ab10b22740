public import LinearAlgebra

/// Numbers of any shape, as the readers of the file formats return them.
public struct NumericArray: Sendable, Hashable {
  /// The length of each axis; empty for a single number.
  public let shape: [Int]
  /// The elements in C order: the last axis runs fastest.
  public let values: [Double]

  /// An array of this shape.
  public init(shape: [Int], values: [Double]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "A numeric array has as many values as the product of its axes' lengths.")
    self.shape = shape
    self.values = values
  }

  /// The array as a matrix: rows along the first axis, all other axes flattened to columns.
  ///
  /// A single number becomes a 1 × 1 matrix, a list of n numbers an n × 1 one.
  public var matrix: Matrix<Double> {
    Matrix(rows: shape.first ?? 1, columns: shape.dropFirst().reduce(1, *), elements: values)
  }
}
