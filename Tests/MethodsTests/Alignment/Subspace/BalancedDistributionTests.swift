import Domains
import Learners
import LinearAlgebra
import Randomness
import Testing

@testable import Methods

@Suite struct BalancedDistributionTests {
  private func labels(_ method: BalancedDistribution, _ task: SubspaceGolden.Task) throws -> [Int] {
    let model = try method.fit(source: task.source, target: task.target, key: RandomKey(seed: 0))
    return Predictions(probabilities: model.probabilities(of: task.target.features)).classes
  }

  /// Five rounds with full matrices label the target the same.
  @Test func agreesWithTheFullProblem() throws {
    let golden = try SubspaceGolden.read()
    for (cases, task) in [(golden.bda, golden.tall), (golden.wideBda, golden.wide)] {
      for expected in cases {
        var method = BalancedDistribution()
        method.balance = expected.balance
        method.weighted = expected.weighted
        method.regularization = expected.regularization
        method.components = expected.components
        method.rounds = expected.rounds
        method.learner = .oneNearestNeighbour
        #expect(try labels(method, task) == expected.labels, "\(expected)")
      }
    }
  }

  /// Without target classes and with all weight on the domains it is TCA's first round.
  @Test func halfIsJointDistributionAdaptation() throws {
    let task = try SubspaceGolden.read().tall
    var balanced = BalancedDistribution()
    var joint = JointDistribution()
    (balanced.components, joint.components) = (3, 3)
    let expected = try joint.fit(source: task.source, target: task.target, key: .init(seed: 0))
      .probabilities(of: task.target.features)
    let found = try balanced.fit(source: task.source, target: task.target, key: .init(seed: 0))
      .probabilities(of: task.target.features)
    #expect(relativeDifference(found, expected) < 1e-9)
  }

  @Test func estimatedBalanceAgrees() throws {
    let golden = try SubspaceGolden.read()
    let task = golden.tall
    let guesses = NeighbourSearch(points: task.source.features)
      .nearest(to: task.target.features).map { task.source.labels[$0] }
    let balance = try DistributionBalance(
      source: task.source, target: task.target.features, key: RandomKey(seed: 0)
    ).estimate(targetLabels: guesses)
    #expect(abs(balance - golden.balance) < 0.02)
  }

  /// Shifted classes in equal domains: all of the discrepancy is within the classes.
  @Test func balanceFollowsTheShift() throws {
    let features = Matrix<Double>((0..<80).map { [$0 % 2 == 0 ? 1.0 : -1, Double($0 / 2 % 10)] })
    let labels = (0..<80).map { $0 % 2 }
    let source = LabelledSample(features: features, labels: labels, classCount: 2)
    let exchanged = try DistributionBalance(
      source: source, target: features, key: RandomKey(seed: 0))
    #expect(try exchanged.estimate(targetLabels: labels.map { 1 - $0 }) > 0.95)
    let moved = try DistributionBalance(
      source: source, target: features.adding(row: [0, 50]), key: RandomKey(seed: 0))
    #expect(abs(try moved.estimate(targetLabels: labels) - 0.5) < 0.05)
    #expect(try moved.estimate(targetLabels: []) == 0)
  }
}
