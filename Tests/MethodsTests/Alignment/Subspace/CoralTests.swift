import Learners
import LinearAlgebra
import Testing

@testable import Methods

@Suite struct CoralTests {
  /// SKADA divides covariances by n and shifts both domains to mean 0.
  @Test func agreesWithSKADA() throws {
    let golden = try Golden.read()
    let (source, target) = (golden.source.matrix, golden.target.matrix)
    var method = Coral()
    method.ridge = 0
    let found = try method.recolouring(of: source, as: target)(source).subtracting(
      row: target.columnMeans)
    let denominators = (
      source: Double(source.rows - 1) / Double(source.rows),
      target: Double(target.rows - 1) / Double(target.rows)
    )
    let scale = (denominators.target / denominators.source).squareRoot()
    #expect(relativeDifference(found * scale, golden.coral.skada.matrix) < 1e-6)
  }

  @Test func agreesWithTheFormula() throws {
    let golden = try Golden.read()
    let found = try Coral().recolouring(of: golden.source.matrix, as: golden.target.matrix)(
      golden.source.matrix)
    #expect(relativeDifference(found, golden.coral.ridge.matrix) < 1e-6)
    let wide = try Coral().recolouring(of: golden.wideSource.matrix, as: golden.wideTarget.matrix)(
      golden.wideSource.matrix)
    #expect(relativeDifference(wide, golden.wideCoral.matrix) < 1e-6)
  }

  /// Without centring the same A is applied to the samples as they are, with nothing added.
  @Test func withoutCentringTheMapIsLinear() throws {
    let golden = try Golden.read()
    let (source, target) = (golden.source.matrix, golden.target.matrix)
    var method = Coral()
    method.isCentred = false
    let map = try method.recolouring(of: source, as: target)
    let mean = Matrix([source.columnMeans])
    let found = map(source).subtracting(row: map(mean).row(0).map { $0 })
    let expected = golden.coral.ridge.matrix.subtracting(row: target.columnMeans)
    #expect(relativeDifference(found, expected) < 1e-6)
    #expect(map(mean * 0) == mean * 0)
    #expect(relativeDifference(map(mean * 2), map(mean) * 2) < 1e-12)
  }

  /// More features than samples: f(C + λI) must not depend on the route taken.
  @Test func functionsOfTheCovarianceNeedNoFullMatrix() throws {
    let features = try Golden.read().wideSource.matrix
    let components = try PrincipalComponents.fit(features, count: features.columns)
    #expect(components.count == features.rows - 1)
    let ridged = features.covariance().adding(diagonal: 0.5)
    let expected = features * (try ridged.inverseSquareRoot())
    let found = components.multiply(features, ridge: 0.5) { 1 / $0.squareRoot() }
    #expect(relativeDifference(found, expected) < 1e-9)
  }

  @Test func withoutRidgeTheCovariancesAgree() throws {
    let golden = try Golden.read()
    var method = Coral()
    method.ridge = 0
    let found = try method.recolouring(of: golden.source.matrix, as: golden.target.matrix)(
      golden.source.matrix)
    let difference = relativeDifference(found.covariance(), golden.target.matrix.covariance())
    #expect(difference < 1e-9)
  }

  @Test func equalDomainsStayAsTheyAre() throws {
    let source = try Golden.read().source.matrix
    #expect(
      relativeDifference(try Coral().recolouring(of: source, as: source)(source), source) < 1e-9)
  }
}
