public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Entropic optimal transport: moves each source sample to the target samples it is matched with.
///
/// M. Cuturi. "Sinkhorn Distances: Lightspeed Computation of Optimal Transport." NIPS 2013.
/// N. Courty, R. Flamary, D. Tuia, A. Rakotomamonjy. "Optimal Transport for Domain Adaptation."
/// IEEE TPAMI 39(9), 2017. See `papers/courty-2017-optimal-transport.md`.
///
/// ```
/// min over γ ≥ 0:  Σ_ij γ_ij C_ij + ε Σ_ij γ_ij log γ_ij,
///   γ 1 = 1/n_S,  γᵀ 1 = 1/n_T                                            (1)
/// ε = entropy · median C                                                  (2)
/// x_i ↦ n_S Σ_j γ_ij x'_j                                                 (3)
/// ```
///
/// C_ij = ‖x_i − x'_j‖², or another `TransportCost`.
///
/// - Complexity: O(n_S n_T d) and O(n_S n_T) an iteration; two n_S × n_T matrices.
/// - Deviations: ε is relative to the median cost, so that it means the same in every unit;
///   `unit` undoes it.
public struct SinkhornTransport: TransductiveMethod {
  /// ε as a multiple of `unit`.
  public var entropy = 0.1
  /// The most iterations; the plan has the source's marginal exactly after each.
  public var iterations = 1000
  /// C.
  public var metric = TransportCost.squaredEuclidean
  /// What ε is a multiple of.
  public var unit = CostUnit.median
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "ot-sinkhorn", title: "Entropic optimal transport", family: .alignment(.transport),
    paper: "courty-2017-optimal-transport")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "entropy", \.entropy, in: 1e-5...1e3, grid: [0.01, 0.03, 0.1, 0.3, 1],
      help: "ε as a multiple of the unit."),
    .integer(
      "iterations", \.iterations, in: 1...1_000_000, grid: [100, 1000, 10_000],
      help: "The most Sinkhorn iterations."),
    .choice(
      "metric", \.metric, help: "C: squared Euclidean, cosine or city-block distances."),
    .choice("unit", \.unit, help: "What ε is a multiple of: the median cost, or 1."),
    .choice("learner", \.learner, help: "Classifier fitted on the transported source."),
  ]

  /// Finds the plan and fits the learner on the transported source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let cost = source.transportCost(metric, to: target)
    let epsilon = entropy * unit.value(of: cost)  // (2)
    var plan = SinkhornPlan(cost: cost, epsilon: epsilon)
    plan.solve(iterations: iterations, tolerance: 1e-9)  // (1)
    let moved = plan.multiplied(by: target.features) * Double(source.count)  // (3)
    return MappedClassifier(
      try learner.fit(source.with(features: moved), key: key.child("learner")),
      sourceMap: source.features.movingAlong(moved))
  }
}
