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

  /// Both sides are draws of one size: they differ by at most five standard errors.
  @Test func agreesWithSKADAInTheMomentsOfEachClass() throws {
    let golden = try Golden.read()
    #expect(golden.parts.count == 16)
    for part in golden.parts {
      let kind = try #require(PlanarShifts.Kind(rawValue: part.kind))
      let domain = PlanarShifts.domain(
        kind, isTarget: part.domain == "target", scale: 2500, name: "0", key: RandomKey(seed: 9))
      let rows = domain.labels.indices.filter { domain.labels[$0] == part.label }
      let features = domain.features.selecting(rows: rows)
      let count = Double(rows.count)
      let name = "\(part.kind) \(part.domain) \(part.label)"
      #expect(abs(count / Double(domain.count) - part.share) < 0.02, "\(name)")
      let covariance = features.covariance()
      for (column, mean) in features.columnMeans.enumerated() {
        let error = (2 * covariance[column, column] / count).squareRoot()
        #expect(abs(mean - part.mean[column]) < 5 * error, "\(name)")
      }
      for row in 0..<2 {
        for column in 0..<2 {
          let error = (4 * covariance[row, row] * covariance[column, column] / count).squareRoot()
          #expect(
            abs(covariance[row, column] - part.covariance[row][column]) < 5 * error, "\(name)")
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
