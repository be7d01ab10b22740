public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Co-clustering of target and source that share the clusters of the features.
///
/// W. Dai, Q. Yang, G.-R. Xue, Y. Yu. "Self-taught Clustering." ICML 2008. See
/// `papers/dai-2008-self-taught-clustering.md`.
///
/// ```
/// p(x, z) = target / its sum,   q(y, z) = source / its sum                    (1)
/// min over x̃, ỹ, z̃:  I(X; Z) − I(X̃; Z̃) + λ (I(Y; Z) − I(Ỹ; Z̃))               (2)
/// ```
///
/// The features' clusters z̃ are those of both domains, and by them the source tells the target
/// which features mean the same. `CoClustering` has the steps; λ = 0 is it on the target alone.
/// Its tables are not negative: a column with values below 0 is moved up until the least value of
/// both domains is 0, and what later lies below counts as 0.
///
/// - Complexity: O(n d L) an iteration, L feature clusters.
/// - Deviations: the start is k-means, not random; the source has as many clusters as the target.
public struct SelfTaughtClustering: UnsupervisedMethod {
  /// λ.
  public var strength = 1.0
  /// L.
  public var featureClusters = 16
  /// The most iterations.
  public var iterations = 20
  /// How many starts of k-means.
  public var restarts = 10

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "self-taught-clustering", title: "Self-taught clustering", family: .clustering,
    paper: "dai-2008-self-taught-clustering", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "strength", \.strength, in: 0...1e6, grid: [0, 0.25, 0.5, 1, 2, 4],
      help: "λ, the weight of the source's table."),
    .integer(
      "featureClusters", \.featureClusters, in: 1...10_000, grid: [8, 16, 32, 64],
      help: "L, the clusters of columns; at most the columns."),
    .integer(
      "iterations", \.iterations, in: 1...1000, grid: [5, 20, 50],
      help: "The most iterations."),
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50],
      help: "How many starts of the k-means that the rows start from."),
  ]

  /// The reference is co-clustering.
  public static let referenceAssignments = [
    Assignment("algorithm", .choice(TargetClustering.Algorithm.coClustering.rawValue))
  ]

  /// Co-clusters both domains.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    try MethodError.learning { () throws(LearnerError) in
      var algorithm = CoClustering(clusters: clusterCount)
      algorithm.featureClusterCount = featureClusters
      algorithm.iterations = iterations
      algorithm.restarts = restarts
      let companion = CoClustering.Companion(source.features, weight: strength)
      return try algorithm.fit(
        target.features, companion: companion, key: key.child("target"))  // (1) (2)
    }
  }
}
