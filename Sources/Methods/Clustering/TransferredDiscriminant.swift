public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// k-means of the target in the subspace that tells the clusters of both domains apart.
///
/// Z. Wang, Y. Song, C. Zhang. "Transferred Dimensionality Reduction." ECML PKDD 2008. See
/// `papers/wang-2008-tda.md`.
///
/// ```
/// source clusters = k-means of the source                                  (1)
/// S_w = S_w(target) + λ S_w(source),   S_b = S_b(target) + λ S_b(source)     (2)
/// S_b v = ρ (S_w + δI) v  for the q largest ρ                                (3)
/// target clusters ← k-means of Vᵀx, back to (2)                             (4)
/// ```
///
/// The scatters are those of the clusters, about each domain's own mean, among the principal
/// components of both. (2) to (4) are `DiscriminativeKMeans`; λ = 0 is it on the target alone.
///
/// - Complexity: O(n r (q + K)) an iteration of k-means, O(n r² + r³) a round, r components.
/// - Deviations: the paper's source has labels; here it has clusters, found once.
public struct TransferredDiscriminant: UnsupervisedMethod {
  /// λ.
  public var strength = 1.0
  /// q; 0 stands for K − 1.
  public var components = 0
  /// The most principal components.
  public var subspace = 50
  /// δ, relative to the mean variance of a component.
  public var ridge = 0.1
  /// The most rounds of (2) to (4).
  public var rounds = 20
  /// How many starts of k-means.
  public var restarts = 10

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "tda", title: "Transferred discriminative analysis", family: .clustering,
    paper: "wang-2008-tda", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "strength", \.strength, in: 0...1e6, grid: [0, 0.1, 1, 10],
      help: "λ, how much a source sample counts beside one of the target."),
    .integer(
      "components", \.components, in: 0...10_000, grid: [0, 2, 5, 10],
      help: "q, the directions kept; 0 stands for one less than there are clusters."),
    .integer(
      "subspace", \.subspace, in: 1...10_000, grid: [20, 50, 100],
      help: "The most principal components that the directions are made of."),
    .real(
      "ridge", \.ridge, in: 1e-9...1e3, grid: [0.001, 0.01, 0.1, 1],
      help: "Added to the scatter within clusters, relative to a component's mean variance."),
    .integer(
      "rounds", \.rounds, in: 1...1000, grid: [1, 5, 20],
      help: "How often directions and clusters are sought anew, at most."),
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50],
      help: "How many starts of k-means."),
  ]

  /// The reference is discriminative k-means.
  public static let referenceAssignments = [
    Assignment("algorithm", .choice(TargetClustering.Algorithm.discriminativeKMeans.rawValue))
  ]

  /// Clusters the source, then the target in the directions of both.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    try MethodError.learning { () throws(LearnerError) in
      var start = KMeans(clusters: clusterCount)
      start.restarts = restarts
      let clusters = try start.fit(source.features, key: key.child("source"))
        .clusters(of: source.features)  // (1)
      var algorithm = DiscriminativeKMeans(clusters: clusterCount)
      algorithm.components = components
      algorithm.subspace = subspace
      algorithm.ridge = ridge
      algorithm.rounds = rounds
      algorithm.restarts = restarts
      let companion = DiscriminativeKMeans.Companion(
        features: source.features, clusters: clusters, weight: strength)
      return try algorithm.fit(
        target.features, companion: companion, key: key.child("target"))  // (2) (3) (4)
    }
  }
}
