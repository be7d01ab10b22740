/// Numbers of any shape in single precision: what goes into a network and comes out of one.
///
/// The last axis runs fastest. Images are [samples, height, width, channels], sequences
/// [samples, steps, features].
public struct Tensor: Sendable, Hashable {
  /// The length of each axis; empty for a single number.
  public let shape: [Int]
  /// The elements; the last axis runs fastest.
  public var values: [Float]

  /// A tensor of this shape.
  public init(_ shape: [Int], _ values: [Float]) {
    precondition(
      shape.count(of: values.count), "A tensor has as many values as the product of its axes.")
    self.shape = shape
    self.values = values
  }

  /// A tensor whose every element is the value.
  public init(_ shape: [Int], repeating value: Float = 0) {
    self.init(shape, Array(repeating: value, count: shape.product))
  }

  /// The same elements in another shape.
  public func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape, values) }
}

extension [Int] {
  /// The number of elements of a tensor of this shape.
  var product: Int { reduce(1, *) }

  /// The lengths of a batch of images.
  var images: (samples: Int, height: Int, width: Int, channels: Int) {
    precondition(count == 4, "Images are [samples, height, width, channels].")
    return (self[0], self[1], self[2], self[3])
  }

  /// Whether a tensor of this shape has so many elements.
  fileprivate func count(of count: Int) -> Bool { allSatisfy { $0 >= 0 } && product == count }
}
