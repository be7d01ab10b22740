public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// k-means on the target, started from the source's clusters and held near them.
///
/// S. Basu, A. Banerjee, R. Mooney. "Semi-supervised Clustering by Seeding." ICML 2002. See
/// `papers/basu-2002-seeded-kmeans.md`.
///
/// ```
/// s = argmin over s, a:  Σ_i ‖x_i − s_{a_i}‖²   over the source            (1)
/// c = argmin over c, a:  Σ_j ‖x_j − c_{a_j}‖² + λ Σ_k ‖c_k − s_k‖²  over the target,
///   by Lloyd's iterations from c = s                                     (2)
/// ```
///
/// λ weighs each of the source's centroids as so many target samples; 0 uses them as a start
/// alone.
///
/// - Complexity: O(n d K) an iteration.
/// - Deviations: the paper's seeds are the means of labelled samples; here no label is known,
///   and the seeds are the source's clusters. The pull λ is an addition.
public struct SeededKMeans: UnsupervisedMethod {
  /// λ.
  public var pull = 0.0
  /// How many starts on the source.
  public var restarts = 10

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "seeded-kmeans", title: "k-means seeded by the source", family: .clustering,
    paper: "basu-2002-seeded-kmeans", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "pull", \.pull, in: 0...1e6, grid: [0, 1, 10, 100],
      help: "λ, the target samples that each of the source's centroids counts for."),
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50],
      help: "How many starts on the source."),
  ]

  /// The reference is k-means.
  public static let referenceAssignments = [
    Assignment("algorithm", .choice(TargetClustering.Algorithm.kMeans.rawValue))
  ]

  /// Clusters the source, then the target from there.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    try MethodError.learning { () throws(LearnerError) in
      var algorithm = KMeans(clusters: clusterCount)
      algorithm.restarts = restarts
      let seeds = try algorithm.fit(source.features, key: key.child("source")).centroids  // (1)
      return cluster(target.features, from: seeds)
    }
  }

  /// Lloyd's iterations on the target; a cluster without samples keeps its centroid.
  func cluster(_ features: Matrix<Double>, from seeds: Matrix<Double>) -> KMeansModel {
    var model = KMeansModel(centroids: seeds)
    var assigned: [Int] = []
    while model.iterations < 1000 {
      let clusters = model.clusters(of: features)
      if clusters == assigned { break }
      assigned = clusters
      var members = Matrix<Double>(rows: seeds.rows, columns: features.rows)
      for (row, cluster) in clusters.enumerated() { members[cluster, row] = 1 }
      let totals = members.rowSums.map { $0 + pull }
      let sums = (members * features + seeds * pull)
        .scaled(rows: totals.map { $0 > 0 ? 1 / $0 : 0 })
      let kept = model.centroids.scaled(rows: totals.map { $0 > 0 ? 0 : 1 })
      model = KMeansModel(centroids: sums + kept, iterations: model.iterations + 1)  // (2)
    }
    return model
  }
}
