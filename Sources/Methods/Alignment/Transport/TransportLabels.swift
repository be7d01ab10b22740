public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Label propagation by optimal transport: the target takes its labels from the plan.
///
/// J. Solomon, R. Rustamov, L. Guibas, A. Butscher. "Wasserstein Propagation for Semi-Supervised
/// Learning." ICML 2014; I. Redko, N. Courty, R. Flamary, D. Tuia. "Optimal Transport for
/// Multi-source Domain Adaptation under Target Shift." AISTATS 2019. See
/// `papers/redko-2019-ot-label-propagation.md`.
///
/// ```
/// min over γ ≥ 0:  Σ_ij γ_ij C_ij + ε Σ_ij γ_ij log γ_ij,
///   γ 1 = 1/n_S,  γᵀ 1 = 1/n_T                                            (1)
/// ε = entropy · median C                                                  (2)
/// p_jc = Σ_{i : y_i = c} γ_ij / Σ_i γ_ij                                  (3)
/// ```
///
/// C_ij = ‖x_i − x'_j‖², or another `TransportCost`. The learner is fitted on the target with the classes of the largest p, or with all of them
/// weighed by p. The plan is exact where the entropy is 0.
///
/// - Complexity: O(n_S n_T d), the plan, and the learner's on the target.
/// - Deviations: a learner carries the labels to samples that no plan has seen.
public struct TransportLabels: TransductiveMethod {
  /// ε as a multiple of `unit`; 0 solves (1) exactly.
  public var entropy = 0.1
  /// The most iterations of the entropic plan.
  public var iterations = 1000
  /// C.
  public var metric = TransportCost.squaredEuclidean
  /// What ε is a multiple of.
  public var unit = CostUnit.median
  /// Whether the learner sees every class of a sample, weighed.
  public var soft = false
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "ot-label-propagation", title: "Label propagation by optimal transport",
    family: .alignment(.transport), paper: "redko-2019-ot-label-propagation")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "entropy", \.entropy, in: 0...1e3, grid: [0, 0.01, 0.1, 1],
      help: "ε as a multiple of the unit; 0 takes the exact plan."),
    .integer(
      "iterations", \.iterations, in: 1...1_000_000, grid: [100, 1000],
      help: "The most Sinkhorn iterations."),
    .choice(
      "metric", \.metric, help: "C: squared Euclidean, cosine or city-block distances."),
    .choice("unit", \.unit, help: "What ε is a multiple of: the median cost, or 1."),
    .flag(
      "soft", \.soft,
      help: "Whether a learner that weighs its samples sees every class of a sample, weighed."),
    .choice("learner", \.learner, help: "Classifier fitted on the target with its new labels."),
  ]

  /// Carries the labels over and fits the learner on the target.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    var shares = try self.shares(source, target)
    if !soft {
      for row in 0..<shares.rows {
        let best = shares.largestColumn(row)
        for column in 0..<shares.columns { shares[row, column] = column == best ? 1 : 0 }
      }
    }
    return MappedClassifier(
      try learner.fit(features: target.features, shares: shares, key: key.child("learner")))
  }

  /// p, n_T × C.
  func shares(
    _ source: LabelledSample, _ target: UnlabelledSample
  ) throws(MethodError) -> Matrix<Double> {
    let cost = source.transportCost(metric, to: target)
    if entropy == 0 {
      var transport = ExactTransport(uniform: source.count, target.count)
      return try transport.step(cost)  // (1)
        .classMasses(source.labels, classCount: source.classCount).rowsAsShares  // (3)
    }
    var plan = SinkhornPlan(cost: cost, epsilon: entropy * unit.value(of: cost))  // (2)
    plan.solve(iterations: iterations, tolerance: 1e-9)  // (1)
    return plan.classMasses(source.labels, classCount: source.classCount).rowsAsShares  // (3)
  }
}
