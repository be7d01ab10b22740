public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// The source's clusters carried to the target by entropic optimal transport.
///
/// After N. Courty, R. Flamary, D. Tuia, A. Rakotomamonjy. "Optimal Transport for Domain
/// Adaptation." IEEE TPAMI 39(9), 2017; the alternation is that of M. Cuturi, A. Doucet. "Fast
/// Computation of Wasserstein Barycenters." ICML 2014, for one measure and a free support. See
/// `papers/cuturi-2014-ot-clustering.md`.
///
/// ```
/// s_k, p_k = centroids and shares of the source's clusters, by k-means        (1)
/// γ = argmin over γ ≥ 0:  Σ_kj γ_kj ‖c_k − x_j‖² + ε Σ_kj γ_kj log γ_kj,
///   γ 1 = p,  γᵀ 1 = 1/n_T                                                   (2)
/// c_k ← Σ_j γ_kj x_j / p_k                                                   (3)
/// ε = entropy · median over k, j of ‖s_k − x_j‖²                             (4)
/// ŷ = argmin over k:  ‖x − c_k‖²                                             (5)
/// ```
///
/// (2) and (3) alternate from c = s. After one round c is Courty's barycentric map of s; as many
/// as the centroids need to come to rest give Cuturi and Doucet's barycentre, a k-means whose
/// clusters have the source's shares.
///
/// - Complexity: O(n_T d K) a round and O(n_T K) an iteration of Sinkhorn's.
/// - Deviations: centroids are carried, not samples.
public struct TransportClustering: UnsupervisedMethod {
  /// ε / median cost.
  public var entropy = 0.01
  /// The most rounds of (2) and (3).
  public var rounds = 20
  /// How many starts on the source.
  public var restarts = 10

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "ot-clustering", title: "Clusters carried by optimal transport", family: .clustering,
    paper: "cuturi-2014-ot-clustering", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "entropy", \.entropy, in: 1e-5...1e3, grid: [0.001, 0.003, 0.01, 0.03, 0.1],
      help: "ε as a multiple of the median squared distance."),
    .integer(
      "rounds", \.rounds, in: 1...1000, grid: [1, 5, 20, 100],
      help: "The most rounds; 1 is the barycentric map of the source's centroids."),
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50],
      help: "How many starts on the source."),
  ]

  /// The reference is k-means.
  public static let referenceAssignments = [
    Assignment("algorithm", .choice(TargetClustering.Algorithm.kMeans.rawValue))
  ]

  /// Clusters the source and carries its centroids to the target.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    try MethodError.learning { () throws(LearnerError) in
      var algorithm = KMeans(clusters: clusterCount)
      algorithm.restarts = restarts
      let clusters = try algorithm.fit(source.features, key: key.child("source"))
      // A cluster without samples counts as one, so that it has a share.
      var counts = [Int](repeating: 0, count: clusterCount)
      for cluster in clusters.clusters(of: source.features) { counts[cluster] += 1 }
      let total = counts.reduce(0) { $0 + max($1, 1) }
      let shares = counts.map { Double(max($0, 1)) / Double(total) }  // (1)
      return KMeansModel(
        centroids: carry(clusters.centroids, shares: shares, to: target.features))  // (5)
    }
  }

  /// The centroids after (2) and (3); `iterations` and `tolerance` are those of each plan.
  func carry(
    _ start: Matrix<Double>, shares: [Double], to features: Matrix<Double>,
    iterations: Int = 1000, tolerance: Double = 1e-6
  ) -> Matrix<Double> {
    var centroids = start
    let epsilon = entropy * centroids.centredSquaredDistances(to: features).typicalCost  // (4)
    for _ in 0..<rounds {
      let cost = centroids.centredSquaredDistances(to: features)
      var plan = CentroidPlan(cost: cost, epsilon: epsilon, shares: shares)
      plan.solve(iterations: iterations, tolerance: tolerance)  // (2)
      let moved = (plan.matrix * features).scaled(rows: shares.map { 1 / $0 })  // (3)
      let change = (moved - centroids).frobeniusNorm
      centroids = moved
      if change * change <= tolerance * tolerance * epsilon { break }
    }
    return centroids
  }
}
