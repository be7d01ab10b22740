import Domains
import Foundation
import LinearAlgebra
import Randomness
import Testing

@Suite struct PlanarShiftsTests {
  /// Means and covariances by class, as Scripts/golden/planar_shifts.py found them in SKADA's draws.
  struct Golden: Decodable {
    struct Part: Decodable {
      let kind: String
      let domain: String
      let label: Int
      let share: Double
      let mean: [Double]
      let covariance: [[Double]]
    }

    let parts: [Part]

    static func read() throws -> Golden {
      let url = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/planar-shifts.json")
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }
  }

  /// Both sides are draws: means of some 10,000 points of spread 1 agree to a few hundredths.
  @Test func agreesWithSKADAInTheMomentsOfEachClass() throws {
    let golden = try Golden.read()
    #expect(golden.parts.count == 16)
    for part in golden.parts {
      let kind = try #require(PlanarShifts.Kind(rawValue: part.kind))
      let domain = PlanarShifts.domain(
        kind, isTarget: part.domain == "target", scale: 2500, name: "0", key: RandomKey(seed: 9))
      let rows = domain.labels.indices.filter { domain.labels[$0] == part.label }
      let features = domain.features.selecting(rows: rows)
      let share = Double(rows.count) / Double(domain.count)
      #expect(abs(share - part.share) < 0.02, "\(part.kind) \(part.domain) \(part.label)")
      for (found, expected) in zip(features.columnMeans, part.mean) {
        #expect(abs(found - expected) < 0.05, "\(part.kind) \(part.domain) \(part.label)")
      }
      let covariance = features.covariance()
      for row in 0..<2 {
        for column in 0..<2 {
          #expect(
            abs(covariance[row, column] - part.covariance[row][column]) < 0.1,
            "\(part.kind) \(part.domain) \(part.label)")
        }
      }
    }
  }

  @Test func aDomainHasTheSamplesOfTheBenchmark() throws {
    let generator = PlanarShifts.generator
    #expect(generator.domainNames.count == 40)
    for (name, count) in [("concept-3-target", 800), ("subspace-0-source", 1200)] {
      let domain = try #require(generator.domain(name, key: RandomKey(seed: 1)))
      #expect(domain.name == name)
      #expect(domain.count == count)
    }
  }
}
