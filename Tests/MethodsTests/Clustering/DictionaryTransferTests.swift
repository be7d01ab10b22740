import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct DictionaryTransferTests {
  /// The dictionary is the source's, the scale and the clusters the target's.
  @Test func dictionaryIsTheSources() throws {
    let problem = Problem.twoClasses
    let key = RandomKey(seed: 0)
    let found = try DictionaryTransfer().fit(
      source: problem.source.unlabelled, target: problem.target, clusterCount: 2, key: key)
    let algorithm = DictionaryKMeans(clusters: 2)
    let dictionary = try algorithm.learn(problem.source.features, key: key.child("source"))
    let expected = try algorithm.fit(
      problem.target.features, in: dictionary, key: key.child("target"))
    #expect(found.clusters(of: problem.queries) == expected.clusters(of: problem.queries))
  }

  /// Domains that differ by place and unit have one dictionary.
  @Test func unitsAndPlacesMakeNoDifference() throws {
    let problem = Problem.twoClasses
    let answers = try [1.0, 1000].map { unit in
      let source = UnlabelledSample(
        features: problem.source.features.map { unit * $0 + 3 * unit })
      return try DictionaryTransfer().fit(
        source: source, target: problem.target, clusterCount: 2, key: RandomKey(seed: 0)
      ).clusters(of: problem.queries)
    }
    #expect(answers[0] == answers[1])
  }
}
