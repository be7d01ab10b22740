internal import CKernels

/// The random numbers that a key names, drawn one after another.
///
/// The stream counts through Philox blocks: the upper half of the key is the upper
/// half of the counter, the lower half keys the permutation. Two keys share no block.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: Philox.Counter
  private var position: UInt64 = 0
  private var spare: UInt64?

  /// The stream of `key`, from its beginning.
  public init(_ key: RandomKey) {
    self.key = key.state
  }

  /// The next 64 uniformly distributed bits.
  public mutating func next() -> UInt64 {
    if let word = spare {
      spare = nil
      return word
    }
    let block = Philox.block(counter: Philox.Counter(position, key.high), key: key.low)
    position += 1
    spare = block.high
    return block.low
  }

  /// The next `count` words: the same as of one call of `next()` after another.
  public mutating func next(_ count: Int) -> [UInt64] {
    guard count > 0 else { return [] }
    let first = spare.map { [$0] } ?? []
    let blocks = (count - first.count + 1) / 2
    var words = [UInt64](unsafeUninitializedCapacity: 2 * blocks) { buffer, initialized in
      ck_philox_words(blocks, key.low, key.high, position, buffer.baseAddress)
      initialized = 2 * blocks
    }
    position += UInt64(blocks)
    spare = first.count + words.count > count ? words.removeLast() : nil
    return first.isEmpty ? words : first + words
  }
}
