public import LinearAlgebra

/// Numbers of any shape, as the readers of the file formats return them.
public struct ShapedArray<Scalar: MatrixScalar>: Sendable, Hashable {
  /// The length of each axis; empty for a single number.
  public let shape: [Int]
  /// The elements in C order: the last axis runs fastest.
  public let values: [Scalar]

  /// An array of this shape.
  public init(shape: [Int], values: [Scalar]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "An array has as many values as the product of its axes' lengths.")
    self.shape = shape
    self.values = values
  }

  /// The array as a matrix: rows along the first axis, all other axes flattened to columns.
  ///
  /// A single number becomes a 1 × 1 matrix, a list of n numbers an n × 1 one.
  public var matrix: Matrix<Scalar> {
    Matrix(rows: shape.first ?? 1, columns: shape.dropFirst().reduce(1, *), elements: values)
  }
}

/// Numbers as data sets have them.
public typealias NumericArray = ShapedArray<Double>

/// Numbers as networks have them.
public typealias FloatArray = ShapedArray<Float>

/// An array of a file that names its arrays, such as the weights of a layer.
public struct NamedArray: Sendable, Hashable {
  /// The name, such as `layer1.0.conv1.weight`.
  public let name: String
  /// The numbers.
  public let array: FloatArray

  /// An array of this name.
  public init(name: String, array: FloatArray) {
    self.name = name
    self.array = array
  }
}
