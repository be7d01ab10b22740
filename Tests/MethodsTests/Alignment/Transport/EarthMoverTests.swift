import Domains
import Learners
import LinearAlgebra
import Parameters
import Randomness
import Testing

@testable import Methods

@Suite struct EarthMoverTests {
  @Test func movedSamplesAgreeWithPOT() throws {
    let golden = try TransportGolden.read()
    let (source, target) = (golden.source.matrix, golden.target.matrix)
    var transport = ExactTransport(uniform: source.rows, target.rows)
    let plan = try transport.plan(source.centredSquaredDistances(to: target))
    let moved = plan.multiplied(by: target) * Double(source.rows)
    #expect(relativeDifference(moved, golden.exact.moved.matrix) < 1e-9)
  }

  /// A shifted copy is matched sample by sample, so the classifier is right on all of it.
  @Test func shiftedCopyIsMatched() throws {
    let problem = Problem.twoClasses
    let shifted = problem.source.features.adding(row: [40, -40, 40, -40])
    let model = try EarthMover().fit(
      source: problem.source, target: .init(features: shifted), key: .init(seed: 1))
    let found = model.probabilities(of: shifted)
    for (row, label) in problem.source.labels.enumerated() { #expect(found[row, label] > 0.5) }
  }
}
