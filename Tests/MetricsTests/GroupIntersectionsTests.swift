import Domains
import Metrics
import Testing

@Suite struct GroupIntersectionsTests {
  private let sex = Domain.Group(name: "sex", levels: ["f", "m"], members: [0, 0, 1, 1, 0])
  private let age = Domain.Group(
    name: "age", levels: ["young", "middle", "old"], members: [0, 2, 0, 0, 2])
  private let site = Domain.Group(name: "site", levels: ["a", "b"], members: [0, 1, 0, 1, 1])

  @Test func twoAttributesMeetInTheCellsThatOccur() throws {
    let meeting = try #require(GroupIntersections.all(of: [sex, age]).first)
    #expect(meeting.name == "sex&age")
    #expect(meeting.levels == ["f&young", "f&old", "m&young"])
    #expect(meeting.members == [0, 1, 2, 2, 1])
  }

  @Test func moreAttributesMeetInPairsAndAllTogether() {
    let meetings = GroupIntersections.all(of: [sex, age, site])
    #expect(meetings.map(\.name) == ["sex&age", "sex&site", "age&site", "sex&age&site"])
    #expect(meetings[3].levels == ["f&young&a", "f&old&b", "m&young&a", "m&young&b"])
    #expect(meetings[3].members == [0, 1, 2, 3, 1])
    #expect(GroupIntersections.all(of: [sex]).isEmpty)
    #expect(GroupIntersections.all(of: []).isEmpty)
  }

  /// Both attributes treated alike, and the harm where they meet.
  @Test func anIntersectionShowsWhatItsAttributesHide() throws {
    let sex = Domain.Group(name: "sex", levels: ["f", "m"], members: [0, 0, 1, 1])
    let age = Domain.Group(name: "age", levels: ["y", "o"], members: [0, 1, 0, 1])
    let groups = [sex, age] + GroupIntersections.all(of: [sex, age])
    let evaluation = certain([1, 1, 1, 1], [1, 0, 0, 1], classCount: 2, groups: groups)
    #expect(groups.map { GroupMetric.accuracyGap.value(evaluation, group: $0) } == [0, 0, 1])
  }
}
