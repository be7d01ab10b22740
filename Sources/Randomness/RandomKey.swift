/// An immutable name for a source of randomness.
///
/// A key is a 128-bit value. `child(_:_:)` derives a new key from a label and an
/// index, so that every use of randomness has a name of its own and none depends on
/// how often another one drew. Keys have no default: whoever needs randomness is
/// given a key.
///
/// ```swift
/// let split = RandomKey(seed: 0).child("split", repetition)
/// var stream = RandomStream(split)
/// ```
public struct RandomKey: Sendable, Hashable {
  let state: Philox.Counter

  /// The root key of a seed; every `UInt64` gives a different one.
  public init(seed: UInt64) {
    state = Philox.Counter(seed, 0)
  }

  private init(state: Philox.Counter) {
    self.state = state
  }

  /// The key named `label` and `index` under this one.
  ///
  /// The label's length, its UTF-8 bytes and the index are absorbed 64 bits at a time: each word
  /// keys a Philox permutation of the state, whose output is added to the state by
  /// exclusive or (the Davies-Meyer construction).
  public func child(_ label: String, _ index: Int = 0) -> RandomKey {
    var state = state.absorbing(UInt64(label.utf8.count))
    var word: UInt64 = 0
    var filled = 0
    for byte in label.utf8 {
      word |= UInt64(byte) << (8 * UInt64(filled))
      filled += 1
      if filled == 8 {
        state = state.absorbing(word)
        word = 0
        filled = 0
      }
    }
    if filled > 0 { state = state.absorbing(word) }
    return RandomKey(state: state.absorbing(UInt64(bitPattern: Int64(index))))
  }
}

extension Philox.Counter {
  fileprivate func absorbing(_ word: UInt64) -> Philox.Counter {
    let mixed = Philox.block(counter: self, key: word)
    return Philox.Counter(low ^ mixed.low, high ^ mixed.high)
  }
}
