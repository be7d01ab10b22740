public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Exact optimal transport: moves each source sample to the target samples it is matched with.
///
/// N. Courty, R. Flamary, D. Tuia, A. Rakotomamonjy. "Optimal Transport for Domain Adaptation."
/// IEEE TPAMI 39(9), 2017. See `papers/courty-2017-optimal-transport.md`.
///
/// ```
/// min over γ ≥ 0:  Σ_ij γ_ij C_ij,
///   γ 1 = 1/n_S,  γᵀ 1 = 1/n_T                                            (1)
/// x_i ↦ n_S Σ_j γ_ij x'_j                                                 (2)
/// ```
///
/// C_ij = ‖x_i − x'_j‖², or another `TransportCost`. The plan doesn't change with the unit of C.
///
/// - Complexity: O(n_S n_T d) for C, and the network simplex of `ExactTransport`; C is the only
///   n_S × n_T matrix.
/// - Deviations: none. Where several plans are best, one of them is taken.
public struct EarthMover: TransductiveMethod {
  /// C.
  public var metric = TransportCost.squaredEuclidean
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "ot-emd", title: "Exact optimal transport", family: .alignment(.transport),
    paper: "courty-2017-optimal-transport")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice(
      "metric", \.metric, help: "C: squared Euclidean, cosine or city-block distances."),
    .choice("learner", \.learner, help: "Classifier fitted on the transported source."),
  ]

  /// Finds the plan and fits the learner on the transported source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let cost = source.transportCost(metric, to: target)
    var transport = ExactTransport(uniform: source.count, target.count)
    let plan = try transport.step(cost)  // (1)
    let moved = plan.multiplied(by: target.features) * Double(source.count)  // (2)
    return MappedClassifier(
      try learner.fit(source.with(features: moved), key: key.child("learner")),
      sourceMap: source.features.movingAlong(moved))
  }
}
