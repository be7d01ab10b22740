import LinearAlgebra
import Testing

@testable import Methods

@Suite struct PrincipalAxesTests {
  @Test func agreesWithScikitLearn() throws {
    for golden in try Golden.read().principal {
      let features = golden.features.matrix
      let axes = try PrincipalAxes(of: features, count: golden.components)
      let expected = golden.projected.matrix
      #expect(relativeDifference(withSigns(of: expected, axes.project(features)), expected) < 1e-9)
      #expect(zip(axes.variances, golden.variances).allSatisfy { abs($0 / $1 - 1) < 1e-9 })
    }
  }

  /// More features than samples: f(C + λI) must not depend on the route taken.
  @Test func functionsOfTheCovarianceNeedNoFullMatrix() throws {
    let features = try Golden.read().wideSource.matrix
    let axes = try PrincipalAxes(of: features, count: features.columns)
    #expect(axes.directions.columns == features.rows - 1)
    let ridged = features.covariance().adding(diagonal: 0.5)
    let expected = features * (try ridged.inverseSquareRoot())
    let found = axes.multiply(features, ridge: 0.5) { 1 / $0.squareRoot() }
    #expect(relativeDifference(found, expected) < 1e-9)
  }

  @Test func equalSamplesHaveOneAxisWithoutVariance() throws {
    for columns in [1, 2, 9] {
      let axes = try PrincipalAxes(
        of: Matrix(rows: 4, columns: columns, repeating: 3), count: columns)
      #expect(axes.variances.allSatisfy { $0 < 1e-20 })
      #expect(axes.directions.columns >= 1)
    }
  }
}
