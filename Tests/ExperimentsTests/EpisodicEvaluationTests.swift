import Domains
import LinearAlgebra
import Methods
import Testing

@testable import Experiments

@Suite struct EpisodicEvaluationTests {
  /// Three samples of each class at its place: classes 0 and 2 lie at the same one.
  private let pair: DomainPair = {
    let places = [0.0, 10, 0, 30]
    let labels = (0..<12).map { $0 % 4 }
    let domain = Domain(
      name: "d", features: Matrix(labels.map { [places[$0]] }), labels: labels)
    return DomainPair(
      id: PairID(dataset: "d", source: "s", target: "t"), source: domain, target: domain,
      classes: ["a", "b", "c", "d"], checksum: "")
  }()

  private func method(_ id: String) throws -> PlannedMethod {
    try PlannedMethod(Plan.MethodSetting(id: id, parameters: ["learner": "nearest-mean"]))
  }

  /// With both classes of one place among the ways, half of their queries are right: those of the
  /// lower class.
  @Test func accuraciesAreThoseOfTheDrawnClasses() throws {
    let evaluation = EpisodicEvaluation(pair, seed: 1)
    let episodes = try evaluation.episodes(EpisodeShape(ways: 3, shots: 1, queries: 2))
    let method = try method("target-only")
    var kinds: Set<Double> = []
    for index in 0..<20 {
      let isTwofold = Set(episodes[index].classes).isSuperset(of: [0, 2])
      let accuracy = try evaluation.accuracy(of: method, onEpisode: index, of: episodes)
      #expect(accuracy == (isTwofold ? 4.0 / 6 : 1))
      kinds.insert(accuracy)
    }
    #expect(kinds.count == 2)
  }

  /// Class 2 of the source draws the queries of class 0 to it; where it is no way, that counts for
  /// nothing.
  @Test func onlyTheWaysAreAnswers() throws {
    let far = Domain(
      name: "s", features: Matrix([[0.01], [0.01], [0.01], [99]]), labels: [2, 2, 2, 0])
    let evaluation = EpisodicEvaluation(
      DomainPair(
        id: pair.id, source: far, target: pair.target, classes: pair.classes, checksum: ""),
      seed: 1)
    let episodes = try evaluation.episodes(EpisodeShape(ways: 2, shots: 1, queries: 2))
    let joint = try method("joint")
    for index in 0..<20 where Set(episodes[index].classes) == [0, 3] {
      // The mean of class 0 is 49.5, that of class 3 is 30: its own class is the farther one.
      #expect(try evaluation.accuracy(of: joint, onEpisode: index, of: episodes) == 0.5)
    }
    for index in 0..<20 where Set(episodes[index].classes) == [1, 3] {
      #expect(try evaluation.accuracy(of: joint, onEpisode: index, of: episodes) == 1)
    }
  }

  @Test func episodesHaveKeysOfPairShotsAndSeed() throws {
    let shape = EpisodeShape(ways: 2, shots: 1, queries: 1)
    func drawn(_ shape: EpisodeShape, seed: UInt64) throws -> [Episode] {
      let episodes = try EpisodicEvaluation(pair, seed: seed).episodes(shape)
      return (0..<10).map { episodes[$0] }
    }
    #expect(try drawn(shape, seed: 1) == drawn(shape, seed: 1))
    #expect(try drawn(shape, seed: 1) != drawn(shape, seed: 2))
    #expect(throws: MethodError.self) {
      try drawn(EpisodeShape(ways: 5, shots: 1, queries: 1), seed: 1)
    }
  }
}
