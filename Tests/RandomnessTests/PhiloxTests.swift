import Testing

@testable import Randomness

struct PhiloxTests {
  /// The answers for Philox 4x32-10 in kat_vectors of the Random123 library.
  @Test(arguments: [
    (
      [UInt32](repeating: 0, count: 4), [UInt32](repeating: 0, count: 2),
      [UInt32]([0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    ),
    (
      [UInt32](repeating: .max, count: 4), [UInt32](repeating: .max, count: 2),
      [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    ),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ])
  func givesTheKnownAnswers(counter: [UInt32], key: [UInt32], answer: [UInt32]) {
    func joined(_ words: ArraySlice<UInt32>) -> UInt64 {
      words.reversed().reduce(0) { $0 << 32 | UInt64($1) }
    }
    let block = Philox.block(
      counter: Philox.Counter(joined(counter[..<2]), joined(counter[2...])), key: joined(key[...]))
    #expect(block == Philox.Counter(joined(answer[..<2]), joined(answer[2...])))
  }
}
