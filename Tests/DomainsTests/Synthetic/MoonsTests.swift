import Domains
import Foundation
import LinearAlgebra
import Randomness
import Testing

@Suite struct MoonsTests {
  @Test func domainsGoFrom0To90DegreesInSteps() {
    #expect(Moons.generator.domainNames.count == 10)
    #expect(Moons.generator.domainNames.first == "rotated-0")
    #expect(Moons.generator.domainNames.last == "rotated-90")
  }

  @Test func classesAreBalanced() throws {
    let domain = try #require(
      Moons.generator.domain("rotated-30", key: RandomKey(seed: 3)))
    #expect(domain.count == 300)
    #expect(domain.labels.count { $0 == 1 } == 150)
  }

  /// With one key both domains have the same points and noise; the turn is about the origin.
  @Test func theAngleIsTheOnlyDifference() {
    let key = RandomKey(seed: 8)
    let straight = Moons.domain(degrees: 0, name: "straight", key: key)
    let opposite = Moons.domain(degrees: 180, name: "opposite", key: key)
    for row in 0..<straight.count {
      // p + e and −p + e: half their difference is p, on a circle of radius 1.
      let centre = straight.labels[row] == 0 ? (-0.5, -0.25) : (0.5, 0.25)
      let x = (straight.features[row, 0] - opposite.features[row, 0]) / 2
      let y = (straight.features[row, 1] - opposite.features[row, 1]) / 2
      #expect(abs(hypot(x - centre.0, y - centre.1) - 1) < 1e-12)
    }
  }

  /// Without noise the points lie on circles of radius 1 around the moons' centres.
  @Test func pointsLieNearTheirMoons() {
    let domain = Moons.domain(degrees: 0, name: "straight", key: RandomKey(seed: 4))
    for row in 0..<domain.count {
      let centre = domain.labels[row] == 0 ? (-0.5, -0.25) : (0.5, 0.25)
      let radius = hypot(
        domain.features[row, 0] - centre.0, domain.features[row, 1] - centre.1)
      #expect(abs(radius - 1) < 0.6)
    }
  }

  @Test func otherDomainsAreUnknown() {
    #expect(Moons.generator.domain("rotated-95", key: RandomKey(seed: 1)) == nil)
  }
}
