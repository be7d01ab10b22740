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
}
