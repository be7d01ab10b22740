public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Joint distribution optimal transport: plan and classifier are found in turn, each from the other.
///
/// N. Courty, R. Flamary, A. Habrard, A. Rakotomamonjy. "Joint Distribution Optimal Transportation
/// for Domain Adaptation." NIPS 2017. See `papers/courty-2017-jdot.md`.
///
/// ```
/// min over f, γ:  Σ_ij γ_ij [(1 − α) D_ij + α ℓ(y_i, f(x'_j))],
///   γ 1 = 1/n_S,  γᵀ 1 = 1/n_T                                            (1)
/// D_ij = ‖x_i − x'_j‖² / their mean,   ℓ(y, f(x)) = −log p_y(x)            (2)
/// f:  the learner on x'_j with each class c, weighed by
///   q_jc = n_T Σ_{i : y_i = c} γ_ij                                       (3)
/// ```
///
/// γ for a fixed f is exact; the first has α ℓ = 0. The rounds end where the objective (1) or the
/// learner's mean loss under q changes by less than 1e-5.
///
/// - Complexity: O(n_S n_T d), and each round a network simplex that starts from the plan before, and
///   the learner's fit; two n_S × n_T matrices.
/// - Deviations: α lies between 0 and 1, where the paper multiplies D by it. A learner that can't
///   weigh its samples sees each in its class of largest q.
public struct JointTransport: TransductiveMethod {
  /// α.
  public var labelShare = 0.5
  /// The most rounds.
  public var rounds = 10
  /// The classifier f.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "jdot", title: "Joint distribution optimal transport", family: .alignment(.transport),
    paper: "courty-2017-jdot")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "labelShare", \.labelShare, in: 0...1, grid: [0.1, 0.3, 0.5, 0.7, 0.9],
      help: "α, the share of the label loss in the cost; the rest is the features'."),
    .integer(
      "rounds", \.rounds, in: 1...1000, grid: [1, 3, 10, 30],
      help: "The most rounds of plan and classifier."),
    .choice("learner", \.learner, help: "The classifier, fitted on the target."),
  ]

  /// Alternates between plan and classifier.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let found = try solve(source, target) { (shares, round) throws(MethodError) in
      try learner.fit(features: target.features, shares: shares, key: key.child("learner", round))
    }
    return MappedClassifier(found.classifier)
  }

  /// The classifier, with the objective and the learner's loss of each round.
  ///
  /// `fit` learns from the target's shares of the classes, in a round.
  func solve(
    _ source: LabelledSample, _ target: UnlabelledSample,
    fit: (Matrix<Double>, Int) throws(MethodError) -> any Classifier
  ) throws(MethodError) -> (
    classifier: any Classifier, objectives: [Double], losses: [Double]
  ) {
    let distances = source.squaredDistances(to: target)
    let mean = distances.elements.reduce(0, +) / Double(max(distances.elements.count, 1))
    let scale = mean > 0 ? (1 - labelShare) / mean : 0
    var transport = ExactTransport(uniform: source.count, target.count)
    var labelLosses: Matrix<Double>?
    var objectives: [Double] = []
    var losses: [Double] = []
    while true {
      var cost = distances
      cost.scale(by: scale)  // (2)
      if let labelLosses { cost.add(labelLosses, toRowsOf: source.labels, times: labelShare) }
      let plan = try transport.step(cost)  // (1)
      objectives.append(plan.cost(cost))
      let shares = plan.classMasses(source.labels, classCount: source.classCount).rowsAsShares
      let classifier = try fit(shares, objectives.count)  // (3)
      let found = classifier.probabilities(of: target.features).map { -log(max($0, 1e-16)) }
      labelLosses = found.transposed
      losses.append(
        found.zip(shares) { $0 * $1 }.elements.reduce(0, +) / Double(max(target.count, 1)))
      let round = objectives.count
      if round == rounds
        || (round > 2 && abs(objectives[round - 1] - objectives[round - 2]) < 1e-5)
        || (round > 1 && abs(losses[round - 1] - losses[round - 2]) < 1e-5)
      {
        return (classifier, objectives, losses)
      }
    }
  }
}

extension Matrix<Double> {
  /// Multiplies every entry, in place.
  mutating func scale(by factor: Double) {
    elements.withUnsafeMutableBufferPointer { entries in
      for index in entries.indices { entries[index] *= factor }
    }
  }

  /// Adds to row i the row `labels[i]` of a table, times a factor.
  mutating func add(_ table: Matrix<Double>, toRowsOf labels: [Int], times factor: Double) {
    precondition(
      labels.count == rows && table.columns == columns,
      "Every row has a label, and the table every column.")
    let width = columns
    elements.withUnsafeMutableBufferPointer { entries in
      table.elements.withUnsafeBufferPointer { table in
        for (row, label) in labels.enumerated() {
          for column in 0..<width {
            entries[row * width + column] += factor * table[label * width + column]
          }
        }
      }
    }
  }
}
