import Domains
import Learners
import LinearAlgebra
import Parameters
import Randomness
import Testing

@testable import Methods

@Suite struct TransportLabelsTests {
  @Test func sharesAgreeWithPOT() throws {
    let golden = try TransportGolden.read()
    for expected in golden.propagation {
      var method = TransportLabels()
      method.entropy = expected.entropy
      method.iterations = 100_000
      let shares = try method.shares(golden.labelledSource, golden.unlabelledTarget)
      #expect(relativeDifference(shares, expected.shares.matrix) < 1e-6)
    }
  }

  /// A shifted copy takes the labels of its originals.
  @Test func shiftedCopyTakesItsLabels() throws {
    let problem = Problem.twoClasses
    let shifted = problem.source.features.adding(row: [40, -40, 40, -40])
    var method = TransportLabels()
    method.entropy = 0
    let shares = try method.shares(problem.source, .init(features: shifted))
    for (row, label) in problem.source.labels.enumerated() {
      #expect(abs(shares[row, label] - 1) < 1e-12)
    }
  }
}
