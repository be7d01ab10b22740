import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct JointGeometricalStatisticalTests {
  /// Projections and labels of the 2d × 2d problem.
  @Test func agreesWithTheFullProblem() throws {
    let golden = try SubspaceGolden.read()
    for (cases, task) in [(golden.jgsa, golden.tall), (golden.wideJgsa, golden.wide)] {
      let source = task.source.with(features: task.source.features.rowsNormalized)
      let target = task.target.features.rowsNormalized
      let first = NeighbourLabels.of(.init(source: source, target: .init(features: target)))
      for expected in cases {
        var method = JointGeometricalStatistical()
        method.components = expected.components
        method.variance = expected.variance
        method.discrimination = expected.discrimination
        method.closeness = expected.closeness
        method.rounds = expected.rounds
        method.learner = .oneNearestNeighbour
        let problem = try CoupledProjections(
          source: source, target: target, variance: expected.variance,
          discrimination: expected.discrimination, closeness: expected.closeness,
          components: expected.components)
        let found = try problem.projections(targetLabels: first)
        let projections = expected.projections.matrix
        let both = withSigns(of: projections, found.source.appending(rows: found.target))
        #expect(relativeDifference(both, projections) < 1e-6, "\(expected)")
        let model = try method.fit(
          source: task.source, target: task.target, key: RandomKey(seed: 0))
        let labels = Predictions(probabilities: model.probabilities(of: task.target.features))
          .classes
        #expect(labels == expected.labels, "\(expected)")
      }
    }
  }

  /// A large λ holds the two projections together.
  @Test func closenessHoldsTheProjectionsTogether() throws {
    let task = try SubspaceGolden.read().tall
    func distance(_ closeness: Double) throws -> Double {
      let problem = try CoupledProjections(
        source: task.source, target: task.target.features, variance: 1, discrimination: 0.1,
        closeness: closeness, components: 2)
      let found = try problem.projections(targetLabels: NeighbourLabels.of(task))
      return relativeDifference(found.source, found.target)
    }
    #expect(try distance(1e4) < 0.01)
    #expect(try distance(1e-3) > 0.5)
  }
}
