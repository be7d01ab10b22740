public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Clustering of the target alone: no transfer.
///
/// What every unsupervised method is measured against. See
/// `papers/no-transfer-references.md`.
///
/// ```
/// k-means:        min over c, a:  Σ_j ‖x_j − c_{a_j}‖²                    (1)
/// fuzzy c-means:  min over c, u:  Σ_j Σ_k u_jk^m ‖x_j − c_k‖²,  Σ_k u_jk = 1   (2)
/// ```
///
/// Both start from k-means++ centroids, several times; the lowest objective wins.
///
/// - Complexity: O(n d K) an iteration.
/// - Deviations: none.
public struct TargetClustering: UnsupervisedMethod {
  /// What the clusters minimise.
  public enum Algorithm: String, ParameterChoice {
    case kMeans = "k-means"
    case fuzzyCMeans = "fuzzy-c-means"
  }

  /// What the clusters minimise.
  public var algorithm = Algorithm.kMeans
  /// m.
  public var fuzzifier = 2.0
  /// How many starts.
  public var restarts = 10
  /// The most iterations of a start.
  public var iterations = 300

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "target-clustering", title: "Clustering of the target alone", family: .reference,
    paper: "no-transfer-references")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("algorithm", \.algorithm, help: "k-means or fuzzy c-means."),
    .real(
      "fuzzifier", \.fuzzifier, in: 1.01...10, grid: [1.1, 1.5, 2],
      help: "m, how soft fuzzy clusters are; unused by k-means."),
    .integer("restarts", \.restarts, in: 1...1000, grid: [1, 10, 50], help: "How many starts."),
    .integer(
      "iterations", \.iterations, in: 1...100_000, grid: [10, 100, 300],
      help: "The most iterations of a start."),
  ]

  /// Clusters the target; the source is ignored.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    let membership: CentroidIteration.Membership =
      switch algorithm {
      case .kMeans: .hard  // (1)
      case .fuzzyCMeans: .fuzzy(fuzzifier: fuzzifier)  // (2)
      }
    let solution = CentroidIteration(membership: membership, maximumIterations: iterations)
      .solve(
        target.features, clusters: clusterCount, restarts: restarts, key: key.child("target"))
    return CentroidClustering(centroids: solution.centroids)
  }
}
