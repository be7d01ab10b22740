import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct TransferSubspaceTests {
  /// The objective and its gradient are those of the closed forms and complex steps.
  @Test func objectiveAgreesWithTheClosedForms() throws {
    let golden = try MappingsGolden.read()
    for expected in golden.subspaces {
      let base: TransferSubspace.Base =
        expected.base == "discriminant" ? .discriminant : .principal
      let problem = SubspaceProblem(
        goal: SubspaceGoal(golden.labelledSource, base: base), source: golden.source.matrix,
        target: golden.target.matrix, strength: expected.strength, shrinkage: expected.shrinkage,
        dimensions: expected.dimensions)
      var gradient = [Double](repeating: 0, count: expected.point.count)
      let value = problem.value(expected.point, &gradient)
      #expect(abs(value - expected.value) < 1e-9 * max(1, abs(expected.value)))
      #expect(relativeDifference(gradient, expected.gradient) < 1e-7)
    }
  }

  /// Without the divergence the start is the minimum.
  @Test func startsWhereTheGoalIsLeast() throws {
    let golden = try MappingsGolden.read()
    let goal = SubspaceGoal(golden.labelledSource, base: .principal)
    let start = try goal.directions(2)
    let problem = SubspaceProblem(
      goal: goal, source: golden.source.matrix, target: golden.target.matrix, strength: 0,
      shrinkage: 0.01, dimensions: 2)
    var gradient = [Double](repeating: 0, count: start.elements.count)
    _ = problem.value(start.elements, &gradient)
    #expect(gradient.allSatisfy { abs($0) < 1e-10 })
  }

  /// With the divergence a subspace is chosen in which the domains agree.
  ///
  /// Feature 0 separates the source best, but lies elsewhere in the target; feature 1 separates
  /// both a little less well.
  @Test func leavesTheFeatureThatMoved() throws {
    func drawn(_ shift: Double, _ seed: UInt64) -> LabelledSample {
      var stream = RandomStream(RandomKey(seed: seed))
      let labels = (0..<200).map { $0 % 2 }
      return LabelledSample(
        features: Matrix(
          labels.map { label in
            let side = 2 * Double(label) - 1
            return [
              2 * side + shift + 0.7 * stream.normal(), 2 * side + 0.8 * stream.normal(),
              stream.normal(),
            ]
          }), labels: labels, classCount: 2)
    }
    let (source, target) = (drawn(0, 1), drawn(4, 2))
    func accuracy(_ strength: Double) throws -> Double {
      var method = TransferSubspace()
      method.strength = strength
      let model = try method.fit(
        source: source, target: target.unlabelled, key: RandomKey(seed: 0))
      let named = Predictions(probabilities: model.probabilities(of: target.features)).classes
      return Double(zip(named, target.labels).count { $0 == $1 }) / Double(target.count)
    }
    #expect(try accuracy(1) > accuracy(0) + 0.1)
    #expect(try accuracy(1) > 0.95)
  }
}
