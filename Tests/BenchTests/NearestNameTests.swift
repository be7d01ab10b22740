import Testing

@testable import Bench

struct NearestNameTests {
  @Test(arguments: [
    ("", "", 0), ("coral", "coral", 0), ("coral", "corl", 1), ("tca", "jca", 1), ("abc", "", 3),
    ("", "abc", 3), ("crool", "coral", 2), ("aabb", "bbaa", 3), ("jda", "jad", 1), ("ca", "abc", 3),
    ("kitten", "sitting", 3),
  ])
  func distanceCountsEdits(first: String, second: String, expected: Int) {
    #expect(NearestName.distance(first, second) == expected)
    #expect(NearestName.distance(second, first) == expected)
  }

  @Test func findsWhatIsNear() {
    let names = ["coral", "tca", "jda", "joint-pca"]
    #expect(NearestName.find("corl", in: names) == "coral")
    #expect(NearestName.find("CORAL", in: names) == "coral")
    #expect(NearestName.find("joint_pca", in: names) == "joint-pca")
    #expect(NearestName.find("jdaa", in: names) == "jda")
  }

  @Test func findsNothingWhereNothingIsNear() {
    #expect(NearestName.find("xyz", in: ["coral", "tca"]) == nil)
    #expect(NearestName.find("a", in: ["b"]) == nil)
    #expect(NearestName.find("", in: ["b"]) == nil)
    #expect(NearestName.find("coral", in: []) == nil)
  }

  @Test func prefersTheFirstOfEquallyNear() {
    #expect(NearestName.find("jca", in: ["tca", "jda"]) == "tca")
  }

  @Test func sortsByDistance() {
    #expect(NearestName.sorted(["zzzz", "ab", "abc"], by: "abc") == ["abc", "ab", "zzzz"])
  }
}
