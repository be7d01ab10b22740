import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct SelfTaughtClusteringTests {
  /// Without strength the method is co-clustering of the target.
  @Test func withoutStrengthItIsTheReference() throws {
    let problem = Problem.twoClasses
    let key = RandomKey(seed: 0)
    var method = SelfTaughtClustering()
    method.strength = 0
    let found = try method.fit(
      source: problem.source.unlabelled, target: problem.target, clusterCount: 2, key: key)
    let alone = try CoClustering(clusters: 2)
      .fit(problem.target.features, key: key.child("target"))
    #expect(found.clusters(of: problem.queries) == alone.clusters(of: problem.queries))
  }

  /// Words that the source uses together are one word for a target of few and short texts.
  @Test func sourceShowsWhichColumnsMeanTheSame() throws {
    var stream = RandomStream(RandomKey(seed: 4))
    func texts(_ count: Int, words: Int) -> Matrix<Double> {
      Matrix(
        (0..<count).map { row in
          var counts = [Double](repeating: 0, count: 40)
          for _ in 0..<words {
            let topic = stream.uniform() < 0.9 ? row % 2 : 1 - row % 2
            counts[20 * topic + stream.integer(below: 20)] += 1
          }
          return counts
        })
    }
    let (source, target) = (texts(300, words: 40), texts(30, words: 3))
    let sample = UnlabelledSample(features: target)
    var method = SelfTaughtClustering()
    method.featureClusters = 2
    let shared = try method.fit(
      source: UnlabelledSample(features: source), target: sample, clusterCount: 2,
      key: RandomKey(seed: 0)
    ).clusters(of: target)
    let wrong = shared.indices.filter { shared[$0] != shared[0] ? $0 % 2 == 0 : $0 % 2 == 1 }.count
    #expect(min(wrong, 30 - wrong) <= 4)
    method.strength = 0
    let alone = try method.fit(
      source: UnlabelledSample(features: source), target: sample, clusterCount: 2,
      key: RandomKey(seed: 0)
    ).clusters(of: target)
    let without = alone.indices.filter { alone[$0] != alone[0] ? $0 % 2 == 0 : $0 % 2 == 1 }.count
    #expect(min(wrong, 30 - wrong) < min(without, 30 - without))
  }
}
