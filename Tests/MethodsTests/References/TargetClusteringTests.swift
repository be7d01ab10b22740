import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TargetClusteringTests {
  /// Two groups far from each other are found whatever the algorithm.
  @Test(arguments: TargetClustering.Algorithm.allCases)
  func findsSeparateGroups(_ algorithm: TargetClustering.Algorithm) throws {
    let features = Matrix<Double>([[0, 9], [0.1, 9], [0, 9.1], [9, 0], [9.1, 0], [9, 0.1]])
    var method = TargetClustering()
    method.algorithm = algorithm
    method.neighbours = 2
    let clusters = try method.fit(
      source: UnlabelledSample(features: features), target: UnlabelledSample(features: features),
      clusterCount: 2, key: RandomKey(seed: 0)
    ).clusters(of: features)
    #expect(Set(clusters.prefix(3)).count == 1 && Set(clusters.suffix(3)).count == 1)
    #expect(clusters[0] != clusters[5])
  }

  /// The source plays no part.
  @Test func ignoresTheSource() throws {
    let problem = Problem.twoClasses
    let answers = try [problem.source.unlabelled, problem.target].map { source in
      try TargetClustering().fit(
        source: source, target: problem.target, clusterCount: 3, key: RandomKey(seed: 0)
      ).clusters(of: problem.queries)
    }
    #expect(answers[0] == answers[1])
  }
}
