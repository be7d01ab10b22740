import Randomness
import Testing

struct RandomStreamTests {
  @Test(arguments: [0, 1, UInt64.max]) func everySeedDraws(seed: UInt64) {
    var stream = RandomStream(RandomKey(seed: seed).child("any", .max))
    let words = (0..<1000).map { _ in stream.next() }
    #expect(Set(words).count == 1000)
    let ones = words.reduce(0) { $0 + $1.nonzeroBitCount }
    // 64,000 fair bits: a standard deviation is 126.
    #expect(abs(ones - 32_000) < 700)
  }

  @Test func theSameKeyGivesTheSameNumbers() {
    var (first, second) = (RandomStream(RandomKey(seed: 5)), RandomStream(RandomKey(seed: 5)))
    #expect((0..<100).map { _ in first.next() } == (0..<100).map { _ in second.next() })
  }

  @Test func manyWordsAreThoseOfOneAfterAnother() {
    let key = RandomKey(seed: 8).child("words")
    var (many, single) = (RandomStream(key), RandomStream(key))
    for count in [0, 1, 1, 2, 15, 16, 17, 33, 1000, 3] {
      #expect(many.next(count) == (0..<count).map { _ in single.next() })
    }
    #expect(many.next() == single.next())
  }

  /// The first block of seed 0 is the known answer of counter and key 0.
  @Test func countsThroughPhiloxBlocks() {
    var stream = RandomStream(RandomKey(seed: 0))
    #expect(stream.next() == 0xe169_c58d_6627_e8d5)
    #expect(stream.next() == 0x9b00_dbd8_bc57_ac4c)
  }

  /// Results published once must come out again: these numbers never change.
  @Test func theStreamsNeverChange() {
    var stream = RandomStream(RandomKey(seed: 42).child("split", 3).child("fit"))
    #expect(
      (0..<4).map { _ in stream.next() } == [
        16_590_307_489_648_312_136, 11_297_955_395_104_692_416, 12_717_179_653_747_224_988,
        795_393_656_760_591_006,
      ])
    #expect(
      (0..<3).map { _ in stream.uniform() } == [
        0.7136219614044901, 0.12694798115438977, 0.31429005590895953,
      ])
    #expect((0..<6).map { _ in stream.integer(below: 1000) } == [208, 958, 619, 393, 674, 523])
    #expect(stream.permutation(10) == [6, 9, 8, 3, 4, 7, 5, 1, 2, 0])
    #expect(stream.sample(4, of: 100) == [60, 33, 93, 83])
    #expect(stream.index(weights: [1, 2, 3, 4]) == 2)
    // The logarithm and the cosine are the C library's: their last bits may differ.
    let normals = (0..<3).map { _ in stream.normal() }
    for (normal, pinned) in zip(
      normals, [0.9083188389843633, 0.16415481907708032, -1.4597715502601674])
    { #expect(abs(normal - pinned) < 1e-14) }
  }
}
