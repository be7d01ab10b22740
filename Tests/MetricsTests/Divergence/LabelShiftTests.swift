import Domains
import LinearAlgebra
import Randomness
import Testing

@testable import Metrics

@Suite struct LabelShiftTests {
  private let key = RandomKey(seed: 6)

  @Test func sharesAgreeWithNumPy() throws {
    for shift in try DiagnoseGolden.read().labelShifts {
      let found = try LabelShift.estimate(
        labels: shift.labels, sourceAnswers: shift.sourceAnswers,
        targetAnswers: shift.targetAnswers, classCount: shift.classCount, permutations: 0, key: key)
      #expect(agrees(found.distance.value, shift.distance), "\(shift.name)")
      for (share, expected) in zip(found.targetShares, shift.shares) {
        #expect(agrees(share, expected), "\(shift.name)")
      }
    }
  }

  /// Two classes at −2 and 2, a share `positive` of the samples in the second.
  private func blobs(_ count: Int, positive: Double, key: RandomKey) -> LabelledSample {
    var stream = RandomStream(key)
    let labels = (0..<count).map { _ in stream.uniform() < positive ? 1 : 0 }
    return LabelledSample(
      features: Matrix(labels.map { [4 * Double($0) - 2 + stream.normal()] }), labels: labels,
      classCount: 2)
  }

  @Test func plantedSharesAreFound() throws {
    let source = blobs(2000, positive: 0.5, key: key.child("s"))
    let target = blobs(2000, positive: 0.8, key: key.child("t")).unlabelled
    let found = try #require(
      try LabelShift.estimate(source: source, target: target, permutations: 99, key: key))
    #expect(abs(found.targetShares[1] - 0.8) < 0.03)
    #expect(abs(found.distance.value - 0.3) < 0.05)
    #expect(found.distance.pValue == 0.01)
  }

  @Test func withoutAShiftThePValueIsNotSmall() throws {
    let values = try (0..<100).map { draw in
      let key = key.child("draw", draw)
      let found = try LabelShift.estimate(
        source: blobs(60, positive: 0.4, key: key.child("s")),
        target: blobs(40, positive: 0.4, key: key.child("t")).unlabelled, permutations: 39, key: key
      )
      return try #require(found?.distance.pValue)
    }
    #expect(values.count { $0 <= 0.05 } <= 12)
  }

  @Test func degenerateSamples() throws {
    let one = blobs(1, positive: 0, key: key)
    let none = UnlabelledSample(features: Matrix(rows: 0, columns: 1))
    #expect(
      try LabelShift.estimate(source: one, target: one.unlabelled, permutations: 0, key: key)
        == nil)
    let single = blobs(10, positive: 0, key: key)
    #expect(try LabelShift.estimate(source: single, target: none, permutations: 0, key: key) == nil)
    let found = try #require(
      try LabelShift.estimate(source: single, target: one.unlabelled, permutations: 9, key: key))
    #expect(found.distance.value < 1e-12)
    #expect(found.distance.pValue == 1)
  }
}
