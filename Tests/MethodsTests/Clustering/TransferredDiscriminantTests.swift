import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TransferredDiscriminantTests {
  /// Clusters at −1.5 and 1.5 of the first column, among columns of more variance.
  private func drawn(_ count: Int, _ name: String) -> Matrix<Double> {
    var stream = RandomStream(RandomKey(seed: 5).child(name))
    return Matrix(
      (0..<count).map { index in
        [(index % 2 == 0 ? -1.5 : 1.5) + 0.3 * stream.normal()]
          + (0..<6).map { _ in 1.2 * stream.normal() }
      })
  }

  /// Ten samples can't tell which column matters; the source's can.
  @Test func sourceShowsTheDirection() throws {
    let (source, target) = (drawn(400, "source"), drawn(10, "target"))
    let clusters = try TransferredDiscriminant().fit(
      source: UnlabelledSample(features: source), target: UnlabelledSample(features: target),
      clusterCount: 2, key: RandomKey(seed: 0)
    ).clusters(of: target)
    #expect(clusters.indices.allSatisfy { clusters[$0] == clusters[$0 % 2] })
    #expect(clusters[0] != clusters[1])
  }

  /// Without strength the method is discriminative k-means of the target.
  @Test func withoutStrengthItIsTheReference() throws {
    let problem = Problem.twoClasses
    let key = RandomKey(seed: 0)
    var method = TransferredDiscriminant()
    method.strength = 0
    let found = try method.fit(
      source: problem.source.unlabelled, target: problem.target, clusterCount: 2, key: key)
    let alone = try DiscriminativeKMeans(clusters: 2)
      .fit(problem.target.features, key: key.child("target"))
    #expect(found.clusters(of: problem.queries) == alone.clusters(of: problem.queries))
  }
}
