import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TransferComponentsTests {
  /// Full matrices and a generalised eigensolver give the same embedding, for n > d and d > n.
  @Test func agreesWithTheFullProblem() throws {
    let golden = try Golden.read()
    for (cases, source, target) in [
      (golden.tca, golden.source.matrix, golden.target.matrix),
      (golden.wideTca, golden.wideSource.matrix, golden.wideTarget.matrix),
    ] {
      for expected in cases {
        var method = TransferComponents()
        method.components = expected.components
        method.regularization = expected.regularization
        method.form = try #require(FeatureForm(rawValue: expected.form))
        let (reduced, directions) = try method.components(
          source: source, target: target, key: RandomKey(seed: 0))
        let embedding = try #require(expected.embedding).matrix
        let found = withSigns(of: embedding, reduced.rows * directions)
        #expect(relativeDifference(found, embedding) < 1e-6, "\(expected.form)")
        // Samples of the fit embed out of sample where they did in it.
        let extended = reduced.embed(target, directions)
        let fitted = (reduced.rows * directions)
          .selecting(rows: Array(source.rows..<reduced.rows.rows))
        #expect(relativeDifference(extended, fitted) < 1e-9)
      }
    }
  }

  @Test func moreComponentsThanThereAreIsNoError() throws {
    let golden = try Golden.read()
    let (_, directions) = try TransferComponents()
      .components(
        source: golden.source.matrix, target: golden.target.matrix, key: RandomKey(seed: 0))
    #expect(directions.columns == 5)
  }
}
