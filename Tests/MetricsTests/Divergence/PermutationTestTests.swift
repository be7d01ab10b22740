import Domains
import LinearAlgebra
import Randomness
import Testing

@testable import Metrics

@Suite struct PermutationTestTests {
  private static let tested = ["mmd", "coral-distance", "energy", "sliced-w2", "proxy-a"]

  private func pValue(
    _ id: String, shift: Double, scale: Double = 1, key: RandomKey
  ) throws -> Double {
    let source = UnlabelledSample.normal(24, 2, key: key.child("source"))
    let drawn = UnlabelledSample.normal(18, 2, shift: shift, key: key.child("target"))
    let target = UnlabelledSample(features: drawn.features.map { scale * $0 })
    let measure = try #require(DiagnosticRegistry.measure(id))
    let found = try measure.value(
      source: LabelledSample(
        features: source.features, labels: Array(repeating: 0, count: source.count),
        classCount: 1),
      target: target, outputs: nil, settings: .init(permutations: 19, key: key.child("test")))
    return try #require(found?.pValue)
  }

  /// Two draws of one distribution: p ≤ α in a share α of the draws, give or take chance.
  @Test(arguments: tested) func nullPValuesAreUniform(_ id: String) throws {
    let draws = 200
    let values = try (0..<draws).map { draw in
      try pValue(id, shift: 0, key: RandomKey(seed: 1).child("draw", draw))
    }
    for level in [0.05, 0.1, 0.25, 0.5, 0.75] {
      let share = Double(values.count { $0 <= level }) / Double(draws)
      // Fisher's test on few answers is conservative; none may reject more often than α.
      let deviation = (level * (1 - level) / Double(draws)).squareRoot()
      #expect(share < level + 3.5 * deviation, "\(id) at \(level): \(share)")
      if id != "proxy-a" {
        #expect(share > level - 3.5 * deviation, "\(id) at \(level): \(share)")
      }
    }
  }

  @Test(arguments: tested) func shiftedDomainsHaveASmallPValue(_ id: String) throws {
    // The distance of covariances is blind to a shift: there the scale changes.
    let isBlind = id == "coral-distance"
    let value = try pValue(
      id, shift: isBlind ? 0 : 3, scale: isBlind ? 3 : 1, key: RandomKey(seed: 2))
    #expect(value <= 0.05)
  }

  @Test func theSmallestPValueIsNeverZero() throws {
    #expect(PermutationTest.pValue(of: 5, among: Array(repeating: 1, count: 19)) == 0.05)
    #expect(PermutationTest.pValue(of: 1, among: Array(repeating: 1, count: 19)) == 1)
    #expect(PermutationTest.pValue(of: 1, among: [Double]()) == nil)
    // A permutation that gives the statistic back, but for rounding, counts.
    #expect(PermutationTest.pValue(of: 0.3, among: [0.1 + 0.2 - 1e-16]) == 1)
  }
}
