import Domains
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TransferJointMatchingTests {
  /// Embedding and samples' parts of the n × n problem.
  @Test func agreesWithTheFullProblem() throws {
    let golden = try SubspaceGolden.read()
    for (cases, task) in [(golden.tjm, golden.tall), (golden.wideTjm, golden.wide)] {
      for expected in cases {
        var method = TransferJointMatching()
        method.kernel = expected.gaussian ? .rbf : .linear
        method.regularization = expected.regularization
        method.components = expected.components
        method.rounds = expected.rounds
        let matched = try method.match(
          source: task.source.features, target: task.target.features, key: RandomKey(seed: 0))
        let both = task.source.features.appending(rows: task.target.features)
        let embedding = expected.embedding.matrix
        let found = withSigns(of: embedding, matched.embed(both))
        #expect(relativeDifference(found, embedding) < 1e-6, "\(expected)")
        let sizes = matched.coefficients.rowSquaredNorms.prefix(task.source.count)
          .map { $0.squareRoot() }
        #expect(relativeDifference(sizes, expected.sizes) < 1e-6, "\(expected)")
      }
    }
  }

  /// A third of the source lies where the target has nothing: its part goes.
  @Test func samplesUnlikeTheTargetLoseTheirPart() throws {
    var stream = RandomStream(RandomKey(seed: 3))
    func drawn(_ rows: Int) -> Matrix<Double> {
      Matrix(rows: rows, columns: 6, elements: (0..<rows * 6).map { _ in stream.normal() })
    }
    var source = drawn(60)
    for row in 0..<20 { source[row, 5] += 6 }
    let target = drawn(50)
    var method = TransferJointMatching()
    method.components = 2
    func share(_ rounds: Int) throws -> Double {
      method.rounds = rounds
      let sizes = try method.match(source: source, target: target, key: RandomKey(seed: 0))
        .coefficients.rowSquaredNorms
        .map { $0.squareRoot() }
      return sizes.prefix(20).reduce(0, +) / sizes[20..<60].reduce(0, +)
    }
    #expect(try share(10) < 0.2 * share(1))
  }
}
