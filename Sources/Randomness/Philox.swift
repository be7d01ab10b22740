/// Philox 4x32-10, the counter-based generator of Salmon et al.
///
/// J. Salmon, M. Moraes, R. Dror, D. Shaw. "Parallel random numbers: as easy as
/// 1, 2, 3." SC 2011. The known answers of the authors' Random123 library are among
/// the tests.
enum Philox {
  /// A 128-bit block: four 32-bit words, the first in the lowest bits.
  struct Counter: Sendable, Hashable {
    var low: UInt64
    var high: UInt64

    init(_ low: UInt64, _ high: UInt64) {
      self.low = low
      self.high = high
    }
  }

  private static let multipliers: (UInt64, UInt64) = (0xD251_1F53, 0xCD9E_8D57)
  private static let weyl: (UInt32, UInt32) = (0x9E37_79B9, 0xBB67_AE85)

  /// The pseudo-random block of a counter under a key, after ten rounds.
  static func block(counter: Counter, key: UInt64) -> Counter {
    var x0 = UInt32(truncatingIfNeeded: counter.low)
    var x1 = UInt32(truncatingIfNeeded: counter.low >> 32)
    var x2 = UInt32(truncatingIfNeeded: counter.high)
    var x3 = UInt32(truncatingIfNeeded: counter.high >> 32)
    var k0 = UInt32(truncatingIfNeeded: key)
    var k1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let first = multipliers.0 * UInt64(x0)
      let second = multipliers.1 * UInt64(x2)
      x0 = UInt32(truncatingIfNeeded: second >> 32) ^ x1 ^ k0
      x1 = UInt32(truncatingIfNeeded: second)
      x2 = UInt32(truncatingIfNeeded: first >> 32) ^ x3 ^ k1
      x3 = UInt32(truncatingIfNeeded: first)
      k0 &+= weyl.0
      k1 &+= weyl.1
    }
    return Counter(UInt64(x0) | UInt64(x1) << 32, UInt64(x2) | UInt64(x3) << 32)
  }
}
