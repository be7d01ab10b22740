import Domains
import Randomness
import Testing

@testable import Metrics

@Suite struct ProxyADistanceTests {
  @Test func agreesWithScikitLearnAndFisher() throws {
    var compared = 0
    for pair in try DiagnoseGolden.read().pairs {
      guard let proxy = pair.proxy, let fitted = pair.fitted else { continue }
      let found = try ProxyADistance.measure(
        source: UnlabelledSample(pair.source), target: UnlabelledSample(pair.target),
        fittedSource: fitted[0], fittedTarget: fitted[1])
      #expect(agrees(found.value, proxy.value), "\(pair.name)")
      #expect(agrees(found.pValue, proxy.pValue), "\(pair.name)")
      #expect(agrees(found.interval?.lowerBound, proxy.low), "\(pair.name)")
      #expect(agrees(found.interval?.upperBound, proxy.high), "\(pair.name)")
      compared += 1
    }
    #expect(compared == 8)
  }

  /// However unequal the domains are, one distribution has a distance of about 0.
  @Test func unequalSizesDoNotPassForDistance() throws {
    let key = RandomKey(seed: 4)
    let values = try (0..<40).map { draw in
      let key = key.child("draw", draw)
      return try #require(
        try ProxyADistance.measure(
          source: .normal(300, 2, key: key.child("s")),
          target: .normal(30, 2, key: key.child("t")), key: key)
      ).value
    }
    #expect(abs(values.reduce(0, +) / 40) < 0.1)
  }

  @Test func oneSampleIsTooFew() throws {
    let one = UnlabelledSample([[1, 2]])
    let two = UnlabelledSample([[1, 2], [3, 4]])
    #expect(try ProxyADistance.measure(source: one, target: two, key: RandomKey(seed: 0)) == nil)
    #expect(try ProxyADistance.measure(source: two, target: two, key: RandomKey(seed: 0)) != nil)
  }
}
