public import Randomness

/// Batches of rows in a random order, pass after pass.
///
/// Each pass takes every row once; a batch goes on in the next pass where one ends, so that all
/// batches have one size.
public struct Minibatches: Sendable {
  private let count: Int
  private let size: Int
  private let key: RandomKey
  private var order: [Int] = []
  private var passes = 0
  private var place = 0

  /// Batches of `size` of `count` rows.
  public init(of count: Int, size: Int, key: RandomKey) {
    precondition(count > 0 && size > 0, "Batches are drawn of rows that there are.")
    self.count = count
    self.size = size
    self.key = key
  }

  /// The rows of the next batch.
  public mutating func next() -> [Int] {
    var rows: [Int] = []
    rows.reserveCapacity(size)
    while rows.count < size {
      if place == order.count {
        var stream = RandomStream(key.child("pass", passes))
        order = stream.permutation(count)
        passes += 1
        place = 0
      }
      let taken = min(size - rows.count, order.count - place)
      rows += order[place..<place + taken]
      place += taken
    }
    return rows
  }
}
