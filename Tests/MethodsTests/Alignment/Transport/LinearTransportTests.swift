import Domains
import Learners
import LinearAlgebra
import Parameters
import Randomness
import Testing

@testable import Methods

@Suite struct LinearTransportTests {
  @Test func agreesWithPOT() throws {
    let golden = try TransportGolden.read()
    for expected in golden.linear {
      var method = LinearTransport()
      method.ridge = expected.ridge
      let moved = try method.map(from: golden.source.matrix, to: golden.target.matrix)(
        golden.source.matrix)
      #expect(relativeDifference(moved, expected.moved.matrix) < 1e-8)
    }
  }

  /// Fewer samples than features: the map found in their span is that of the whole space.
  @Test func agreesWithPOTInWideSpaces() throws {
    let golden = try TransportGolden.read()
    var method = LinearTransport()
    method.ridge = golden.wideLinear.ridge
    let moved = try method.map(from: golden.wideSource.matrix, to: golden.wideTarget.matrix)(
      golden.wideSource.matrix)
    #expect(relativeDifference(moved, golden.wideLinear.moved.matrix) < 1e-8)
  }

  /// Both domains as Gaussians with mean 0, in narrow and in wide spaces.
  @Test func agreesWithPOTWithoutCentring() throws {
    let golden = try TransportGolden.read()
    var method = LinearTransport()
    method.isCentred = false
    for expected in golden.uncentredLinear {
      method.ridge = expected.ridge
      let moved = try method.map(from: golden.source.matrix, to: golden.target.matrix)(
        golden.source.matrix)
      #expect(relativeDifference(moved, expected.moved.matrix) < 1e-8)
    }
    method.ridge = golden.uncentredWideLinear.ridge
    let moved = try method.map(from: golden.wideSource.matrix, to: golden.wideTarget.matrix)(
      golden.wideSource.matrix)
    #expect(relativeDifference(moved, golden.uncentredWideLinear.moved.matrix) < 1e-8)
  }

  @Test func movedSamplesHaveTheMeanAndCovarianceOfTheTarget() throws {
    let golden = try TransportGolden.read()
    var method = LinearTransport()
    method.ridge = 1e-9
    let target = golden.target.matrix
    let moved = try method.map(from: golden.source.matrix, to: target)(golden.source.matrix)
    #expect(
      relativeDifference(moved.covariance(.population), target.covariance(.population)) < 1e-6)
    #expect(relativeDifference(moved.columnMeans, target.columnMeans) < 1e-9)
  }

  @Test func equalDomainsStayAsTheyAre() throws {
    let source = try TransportGolden.read().source.matrix
    let map = try LinearTransport().map(from: source, to: source)
    #expect(relativeDifference(map(source), source) < 1e-9)
  }

  /// The unit of the features changes nothing but itself.
  @Test func scalesWithTheFeatures() throws {
    let golden = try TransportGolden.read()
    let (source, target) = (golden.source.matrix, golden.target.matrix)
    let plain = try LinearTransport().map(from: source, to: target)
    let scaled = try LinearTransport().map(from: source * 1e6, to: target * 1e6)
    #expect(relativeDifference(scaled(source * 1e6) * 1e-6, plain(source)) < 1e-9)
  }
}
