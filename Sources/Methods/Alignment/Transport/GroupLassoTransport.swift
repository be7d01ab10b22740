public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Entropic optimal transport that keeps the classes of the source apart.
///
/// N. Courty, R. Flamary, D. Tuia, A. Rakotomamonjy. "Optimal Transport for Domain Adaptation."
/// IEEE TPAMI 39(9), 2017. See `papers/courty-2017-optimal-transport.md`.
///
/// ```
/// min over γ ≥ 0:  Σ_ij γ_ij C_ij + ε Σ_ij γ_ij log γ_ij + η Ω(γ),
///   γ 1 = 1/n_S,  γᵀ 1 = 1/n_T,   C_ij = ‖x_i − x'_j‖² / their median     (1)
/// l1l2:  Ω(γ) = Σ_j Σ_c ‖γ_cj‖₂                                           (2)
/// lpl1:  Ω(γ) = Σ_j Σ_c (‖γ_cj‖₁ + s)^½,   s = 10⁻³                       (3)
/// x_i ↦ n_S Σ_j γ_ij x'_j                                                 (4)
/// ```
///
/// C may be another `TransportCost`. γ_cj holds what target sample j gets from the source's class c. (2) is convex and solved by
/// generalised conditional gradients, (3) is not and is brought down by linear bounds:
/// `GroupLassoPlan`.
///
/// - Complexity: O(rounds · iterations · n_S n_T), and O(n_S n_T d), for l1l2 each round; two
///   n_S × n_T matrices.
/// - Deviations: ε and η are relative to the median cost; `unit` undoes it.
public struct GroupLassoTransport: TransductiveMethod {
  /// What keeps the classes apart.
  public enum Regularizer: String, ParameterChoice {
    /// (2)
    case l1l2
    /// (3)
    case lpl1
  }

  /// Ω.
  public var regularizer = Regularizer.l1l2
  /// ε as a multiple of `unit`.
  public var entropy = 0.1
  /// η as a multiple of `unit`.
  public var strength = 0.1
  /// The most rounds, each a Sinkhorn plan.
  public var rounds = 10
  /// The most iterations of a plan.
  public var iterations = 200
  /// C.
  public var metric = TransportCost.squaredEuclidean
  /// What ε and η are multiples of.
  public var unit = CostUnit.median
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "ot-group-lasso", title: "Optimal transport with class regularisation",
    family: .alignment(.transport), paper: "courty-2017-optimal-transport",
    version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("regularizer", \.regularizer, help: "What keeps the source's classes apart."),
    .real(
      "entropy", \.entropy, in: 1e-5...1e3, grid: [0.01, 0.03, 0.1, 0.3, 1],
      help: "ε as a multiple of the unit."),
    .real(
      "strength", \.strength, in: 0...1e3, grid: [0, 0.01, 0.1, 1, 10],
      help: "η as a multiple of the unit; 0 leaves the entropic plan."),
    .integer(
      "rounds", \.rounds, in: 1...10_000, grid: [1, 3, 10, 30],
      help: "The most rounds, each a Sinkhorn plan."),
    .integer(
      "iterations", \.iterations, in: 1...1_000_000, grid: [50, 200, 1000],
      help: "The most Sinkhorn iterations of a plan."),
    .choice(
      "metric", \.metric, help: "C: squared Euclidean, cosine or city-block distances."),
    .choice("unit", \.unit, help: "What ε and η are multiples of: the median cost, or 1."),
    .choice("learner", \.learner, help: "Classifier fitted on the transported source."),
  ]

  /// Finds the plan and fits the learner on the transported source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let (from, to) = (source.features, target.features)
    let unit = unit.value(of: metric.matrix(from, to))
    let problem = GroupLassoPlan(
      cost: { [metric] in
        var cost = metric.matrix(from, to)
        cost.scale(by: 1 / unit)
        return cost
      }, labels: source.labels,
      classCount: source.classCount, epsilon: entropy, strength: strength, rounds: rounds,
      iterations: iterations, tolerance: 1e-9)
    let moved =
      switch regularizer {
      case .l1l2: problem.convexPlan() * to  // (2)
      case .lpl1: problem.concavePlan().multiplied(by: to)  // (3)
      }
    let result = moved * Double(source.count)  // (4)
    return MappedClassifier(
      try learner.fit(source.with(features: result), key: key.child("learner")),
      sourceMap: from.movingAlong(result))
  }
}
