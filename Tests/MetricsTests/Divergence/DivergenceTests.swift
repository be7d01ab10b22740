import Domains
import LinearAlgebra
import Randomness
import Testing

@testable import Metrics

@Suite struct DivergenceTests {
  private let key = RandomKey(seed: 3)

  private func measure(
    _ id: String, _ source: UnlabelledSample, _ target: UnlabelledSample, directions: [[Double]]
  ) throws -> Double? {
    if id == "sliced-w2" {
      return SlicedWasserstein.measure(
        source: source, target: target, directions: Matrix(directions), permutations: 0, key: key)?
        .value
    }
    let measure = try #require(DiagnosticRegistry.measure(id))
    let labels = Array(repeating: 0, count: source.count)
    return try measure.value(
      source: LabelledSample(features: source.features, labels: labels, classCount: 1),
      target: target, outputs: nil, settings: .init(permutations: 0, key: key))?.value
  }

  @Test func valuesAgreeWithSciPyAndPOT() throws {
    var compared = 0
    for pair in try DiagnoseGolden.read().pairs {
      let (source, target) = (UnlabelledSample(pair.source), UnlabelledSample(pair.target))
      for id in pair.values.keys.sorted() {
        let expected = pair.values[id] ?? nil
        let value = try measure(id, source, target, directions: pair.directions)
        #expect(agrees(value, expected), "\(pair.name), \(id): \(value ?? .nan)")
        compared += 1
      }
    }
    #expect(compared == 8 * 11)
  }

  /// No direction is better than another: swapping the domains changes nothing.
  @Test(arguments: ["mmd", "coral-distance", "energy", "marginal-w1", "marginal-w2", "w1", "w2"])
  func divergencesAreSymmetric(_ id: String) throws {
    let one = UnlabelledSample.normal(20, 3, key: key.child("one"))
    let two = UnlabelledSample.normal(31, 3, shift: 1, key: key.child("two"))
    let there = try #require(try measure(id, one, two, directions: []))
    let back = try #require(try measure(id, two, one, directions: []))
    #expect(abs(there - back) < 1e-12)
    let nearer = UnlabelledSample.normal(31, 3, shift: 0.1, key: key.child("two"))
    if id != "coral-distance" {
      #expect(try #require(try measure(id, one, nearer, directions: [])) < there)
    }
  }

  /// Gram matrices give the same distance of covariances as the covariances.
  @Test func permutedCovariancesAreThoseOfTheirDivision() throws {
    let source = UnlabelledSample.normal(14, 5, shift: 3, key: key.child("s"))
    let target = UnlabelledSample.normal(9, 5, key: key.child("t"))
    let squares = CoralDistance.permuted(source, target, 20, key)
    let divisions = Divisions(source: 14, target: 9, permutations: 20, key: key)
    let pooled = source.features.appending(rows: target.features)
    for (division, square) in squares.enumerated() {
      let members = (0..<23).filter { divisions.indicators[$0, division] == 1 }
      let rest = (0..<23).filter { divisions.indicators[$0, division] == 0 }
      let gap =
        (pooled.selecting(rows: members).covariance() - pooled.selecting(rows: rest).covariance())
        .frobeniusNorm
      #expect(abs(square / (gap * gap) - 1) < 1e-10)
    }
  }

  /// A change that a measure is blind to, as its documentation says.
  @Test func blindSpotsAreAsStated() throws {
    let source = UnlabelledSample.normal(400, 2, key: key.child("s"))
    let moved = UnlabelledSample(features: source.features.map { $0 + 5 })
    let same = try #require(try measure("coral-distance", source, moved, directions: []))
    #expect(same < 1e-20)
    // The second column in the opposite order: each feature as it was, together another cloud.
    let column = source.features.column(0).sorted()
    let pair = (
      UnlabelledSample(features: Matrix(column.map { [$0, $0] })),
      UnlabelledSample(features: Matrix(zip(column, column.reversed()).map { [$0, $1] }))
    )
    #expect(try #require(try measure("marginal-w2", pair.0, pair.1, directions: [])) < 1e-12)
    #expect(try #require(try measure("w2", pair.0, pair.1, directions: [])) > 0.5)
  }

  @Test func largeDomainsAreSampledByTheKey() throws {
    let source = UnlabelledSample.normal(DiagnosticRegistry.largestQuadratic + 50, 1, key: key)
    let target = UnlabelledSample.normal(30, 1, shift: 1, key: key.child("t"))
    let measure = try #require(DiagnosticRegistry.measure("energy"))
    func value(_ seed: UInt64) throws -> Double? {
      try measure.value(
        source: LabelledSample(
          features: source.features, labels: Array(repeating: 0, count: source.count),
          classCount: 1),
        target: target, outputs: nil,
        settings: .init(permutations: 0, key: RandomKey(seed: seed)))?.value
    }
    #expect(try value(0) == value(0))
    #expect(try value(0) != value(1))
  }
}
