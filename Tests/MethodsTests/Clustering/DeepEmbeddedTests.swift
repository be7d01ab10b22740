import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct DeepEmbeddedTests {
  /// The encoder is the source's, the clusters the target's.
  @Test func encoderIsTheSources() throws {
    let problem = Problem.twoClasses
    let key = RandomKey(seed: 0)
    let found = try DeepEmbedded().fit(
      source: problem.source.unlabelled, target: problem.target, clusterCount: 2, key: key)
    let algorithm = DeepEmbeddedClustering(clusters: 2)
    let embedding = try algorithm.embedding(
      of: problem.source.features, key: key.child("encoder"))
    let expected = try algorithm.fit(
      problem.target.features, from: embedding, key: key.child("target"))
    #expect(found.clusters(of: problem.queries) == expected.clusters(of: problem.queries))
  }

  /// Twelve target samples are too few to learn an encoder from; the source has many.
  @Test func aRelatedSourceHelpsWhereTheTargetIsSmall() throws {
    var (own, alone) = (0.0, 0.0)
    for seed in 0..<5 as Range<UInt64> {
      let planted = Planted(
        key: RandomKey(seed: seed), sourceCount: 400, targetCount: 12, isRelated: true)
      let key = RandomKey(seed: seed).child("fit")
      own += planted.adjustedRandIndex(
        try DeepEmbedded().fit(
          source: planted.source, target: planted.target, clusterCount: 4, key: key
        ).clusters(of: planted.queries))
      var reference = TargetClustering()
      reference.algorithm = .deepEmbedding
      alone += planted.adjustedRandIndex(
        try reference.fit(
          source: planted.source, target: planted.target, clusterCount: 4, key: key
        ).clusters(of: planted.queries))
    }
    #expect(own > alone)
  }
}
