import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

/// The nearest source sample's classes, before any adaptation.
enum NeighbourLabels {
  static func of(_ task: SubspaceGolden.Task) -> [Int] {
    NeighbourSearch(points: task.source.features).nearest(to: task.target.features)
      .map { task.source.labels[$0] }
  }
}

@Suite struct ManifoldEmbeddedTests {
  private func fit(
    _ task: SubspaceGolden.Task, _ change: (inout ManifoldEmbedded) -> Void
  ) throws -> Matrix<Double> {
    var method = ManifoldEmbedded()
    method.learner = .oneNearestNeighbour
    change(&method)
    return try method.fit(source: task.source, target: task.target, key: RandomKey(seed: 0))
      .probabilities(of: task.target.features)
  }

  /// Shares of the scores from dense matrices, round by round.
  @Test func agreesWithTheFullSystem() throws {
    let golden = try SubspaceGolden.read()
    for (cases, task) in [(golden.meda, golden.tall), (golden.wideMeda, golden.wide)] {
      for expected in cases {
        let found = try fit(task) {
          $0.components = expected.components
          $0.neighbours = expected.neighbours
          $0.balance = expected.balance
          $0.alignment = expected.alignment
          $0.shrinkage = expected.shrinkage
          $0.smoothness = expected.smoothness
          $0.rounds = expected.rounds
        }
        #expect(relativeDifference(found, expected.probabilities.matrix) < 1e-6, "\(expected)")
      }
    }
  }

  /// Without alignment and graph it is kernel ridge regression on the source's indicators.
  @Test func withoutItsTermsItIsRidgeRegression() throws {
    let task = try SubspaceGolden.read().tall
    let found = try fit(task) {
      ($0.components, $0.alignment, $0.smoothness, $0.rounds) = (3, 0, 0, 1)
    }
    var subspaces = GeodesicFlowKernel()
    subspaces.components = 3
    let flow = try subspaces.flow(from: task.source, to: task.target)
    let source = flow.features(of: task.source.features).rowsNormalized
    let target = flow.features(of: task.target.features).rowsNormalized
    let kernel = KernelFunction<Double>.rbf(gamma: 0.5)
    var indicators = Matrix<Double>(rows: source.rows, columns: 3)
    for (row, label) in task.source.labels.enumerated() { indicators[row, label] = 1 }
    let weights = try kernel.matrix(source).adding(diagonal: 0.1).cholesky().solve(indicators)
    let scores = kernel.matrix(target, source) * weights
    let expected = Matrix(
      (0..<target.rows).map { row in
        let values = scores.row(row)
        let raised = values.map { $0 - min(values.min() ?? 0, 0) }
        return raised.map { $0 / raised.reduce(0, +) }
      })
    #expect(relativeDifference(found, expected) < 1e-9)
  }

  /// A class that the source lacks is never named.
  @Test func absentClassesHaveNoProbability() throws {
    let task = try SubspaceGolden.read().tall
    let source = LabelledSample(
      features: task.source.features, labels: task.source.labels, classCount: 5)
    let found = try fit(SubspaceGolden.Task(source: source, target: task.target)) { _ in }
    #expect(found.column(3).allSatisfy { $0 == 0 } && found.column(4).allSatisfy { $0 == 0 })
  }
}
