import Randomness
import Testing

@testable import Methods

@Suite struct EpisodesTests {
  /// Nine rows of class 0, three of 1, eight of 2, none of 3, ten of 4.
  private static let labels = (0..<30).map { [0, 4, 2][$0 % 3] }.enumerated().map { row, label in
    [5, 11, 17].contains(row) ? 1 : row == 27 ? 4 : label
  }

  private static func episodes(_ ways: Int = 2, seed: UInt64 = 1) throws -> Episodes {
    try Episodes(
      of: labels, shape: EpisodeShape(ways: ways, shots: 2, queries: 3), key: RandomKey(seed: seed))
  }

  @Test func rowsAreOfTheirClassesAndDrawnOnce() throws {
    let episodes = try Self.episodes(3)
    for index in 0..<50 {
      let episode = episodes[index]
      #expect(Set(episode.classes) == [0, 2, 4])
      #expect(episode.support.map { Self.labels[$0] } == episode.classes.flatMap { [$0, $0] })
      #expect(
        episode.queries.map { Self.labels[$0] } == episode.classes.flatMap { [$0, $0, $0] })
      #expect(Set(episode.support + episode.queries).count == 15)
    }
  }

  @Test func eachEpisodeHasAKeyOfItsOwn() throws {
    let (one, same, other) = try (Self.episodes(), Self.episodes(), Self.episodes(seed: 2))
    let forwards = (0..<20).map { one[$0] }
    #expect((0..<20).reversed().map { same[$0] } == forwards.reversed())
    #expect(Set(forwards).count > 18)
    #expect((0..<20).map { other[$0] } != forwards)
  }

  /// Each of three classes is one of two ways in two episodes of three.
  @Test func classesAreDrawnAlike() throws {
    let episodes = try Self.episodes()
    var counts = Array(repeating: 0, count: 5)
    var rows = Array(repeating: 0, count: 30)
    for index in 0..<900 {
      for label in episodes[index].classes { counts[label] += 1 }
      for row in episodes[index].queries { rows[row] += 1 }
    }
    #expect(counts[1] == 0 && counts[3] == 0)
    // Five standard deviations.
    for label in [0, 2, 4] { #expect(abs(counts[label] - 600) < 71) }
    // 600 episodes ask for three of the ten rows of class 4.
    for row in 0..<30 where Self.labels[row] == 4 { #expect(abs(rows[row] - 180) < 60) }
  }

  @Test func tooFewClassesAreSaid() {
    #expect(
      throws: MethodError.notApplicable(
        reason: "3 classes have 5 samples, where an episode takes 4")
    ) { try Self.episodes(4) }
  }

  @Test func trainingTakesWhatTheSourceHas() throws {
    let asked = EpisodeShape(ways: 5, shots: 5, queries: 5)
    func fitted(_ counts: [Int]) throws -> [Int] {
      let labels = counts.enumerated().flatMap { Array(repeating: $0, count: $1) }
      let shape = try asked.fitting(labels)
      _ = try Episodes(of: labels, shape: shape, key: RandomKey(seed: 0))[0]
      return [shape.ways, shape.shots, shape.queries]
    }
    #expect(try fitted([10, 10, 10, 10, 10]) == [5, 5, 5])
    #expect(try fitted([10, 10, 3, 10, 40, 10]) == [5, 5, 5])
    #expect(try fitted([12, 10]) == [2, 5, 5])
    #expect(try fitted([12, 9, 1, 0]) == [2, 4, 5])
    #expect(try fitted([2, 30, 3]) == [3, 1, 1])
    #expect(throws: MethodError.self) { try fitted([20, 1, 1]) }
  }
}
