public import Domains
public import Learners
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
/// k-means starts from k-means++ centroids, several times, and the lowest objective wins; fuzzy
/// c-means starts from there. Fuzzy clusters, too, name the nearest centroid.
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
  public var fuzzifier = 1.5
  /// How many starts.
  public var restarts = 10

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
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50], help: "How many starts of k-means."),
  ]

  /// Clusters the target; the source is ignored.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    try MethodError.learning { () throws(LearnerError) in
      var start = KMeans(clusters: clusterCount)
      start.restarts = restarts
      let centroids = try start.fit(target.features, key: key.child("target")).centroids  // (1)
      guard algorithm == .fuzzyCMeans else { return KMeansModel(centroids: centroids) }
      let fuzzy = FuzzyCMeans(clusters: clusterCount, fuzzifier: fuzzifier)
      let model = try fuzzy.fit(
        target.features, initial: centroids, key: key.child("fuzzy"))  // (2)
      return KMeansModel(centroids: model.centroids)
    }
  }
}
