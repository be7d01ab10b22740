import Randomness
import Testing

struct RandomKeyTests {
  @Test func differentSeedsNameDifferentStreams() {
    let seeds = (0..<998).map(UInt64.init) + [.max, .max - 1]
    let keys = seeds.map(RandomKey.init(seed:))
    #expect(Set(keys).count == 1000)
    #expect(Set(keys.map(first)).count == 1000)
    #expect(Set(keys.map { first($0.child("fit")) }).count == 1000)
  }

  @Test func differentLabelsAndIndicesNameDifferentStreams() {
    let root = RandomKey(seed: 0)
    let children =
      (0..<500).map { root.child("label \($0)") } + (0..<500).map { root.child("fit", $0) }
    #expect(Set(children).count == 1000)
    #expect(Set(children.map(first)).count == 1000)
  }

  /// Labels that only length, padding or the place of their parts tell apart.
  @Test func similarLabelsDiffer() {
    let root = RandomKey(seed: 7)
    let children = [
      root, root.child(""), root.child("", 1), root.child("", -1), root.child("a"),
      root.child("a\0"), root.child("a\0\0\0\0\0\0\0"), root.child("ab"), root.child("ba"),
      root.child("abcdefgh"), root.child("abcdefghi"), root.child("a").child("b"),
      root.child("b").child("a"), root.child("a", .max), root.child("a", .min),
      root.child("\u{e9}"), root.child("e\u{301}"),
    ]
    #expect(Set(children).count == children.count)
    #expect(Set(children.map(first)).count == children.count)
  }

  @Test func aChildDoesNotDependOnWhatWasDrawn() {
    let root = RandomKey(seed: 3)
    let before = root.child("fit", 1)
    var stream = RandomStream(root)
    for _ in 0..<10 { _ = stream.next() }
    #expect(root.child("fit", 1) == before)
  }

  private func first(_ key: RandomKey) -> UInt64 {
    var stream = RandomStream(key)
    return stream.next()
  }
}
