import Foundation

// Written here because the standard library says that its own `random(in:using:)`
// and `shuffle(using:)` may change between versions.
extension RandomStream {
  /// A uniform number in [0, 1): 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform number in [`range.lowerBound`, `range.upperBound`).
  public mutating func uniform(in range: Range<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A uniform integer in 0 ..< `count`, without bias (Lemire 2019).
  public mutating func integer(below count: Int) -> Int {
    integer(below: count, from: next())
  }

  /// The same from a word that was drawn before; others are drawn where it is rejected.
  @inlinable
  public mutating func integer(below count: Int, from word: UInt64) -> Int {
    precondition(count > 0, "An integer can only be drawn below a positive count.")
    let bound = UInt64(count)
    var product = word.multipliedFullWidth(by: bound)
    // What is left over of 2⁶⁴ is less than the bound: a division only there.
    while product.low < bound, product.low < (0 &- bound) % bound {
      product = next().multipliedFullWidth(by: bound)
    }
    return Int(product.high)
  }

  /// A standard normal number (Box and Muller 1958, the cosine branch alone).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// An index drawn with probability proportional to its weight.
  ///
  /// - Precondition: the weights are not negative and their sum is positive.
  public mutating func index(weights: [Double]) -> Int {
    let total = weights.reduce(0, +)
    precondition(total > 0, "Weights to draw from must have a positive sum.")
    var rest = uniform() * total
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      last = index
      rest -= weight
      if rest < 0 { return index }
    }
    return last
  }

  /// The numbers 0 ..< `count` in a uniformly random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1))
    }
    return order
  }

  /// `size` different numbers of 0 ..< `count`, in random order.
  public mutating func sample(_ size: Int, of count: Int) -> [Int] {
    precondition(size <= count, "A sample can't be larger than what it is drawn from.")
    return Array(permutation(count).prefix(size))
  }
}
