public import LinearAlgebra
public import Randomness

/// k-means clustering: Lloyd's iteration from k-means++ starts.
///
/// S. P. Lloyd. "Least squares quantization in PCM." IEEE Transactions on Information Theory
/// 28, 1982. D. Arthur, S. Vassilvitskii. "k-means++: the advantages of careful seeding."
/// SODA 2007.
///
/// ```
/// minimise over v_1 … v_k:  Σ_i min_j ‖x_i − v_j‖²        (1)
/// z_i ← the nearest v_j, the lowest j on ties             (2)
/// v_j ← mean of {x_i : z_i = j}                           (3)
/// P(next start = x_i) ∝ min over starts s of ‖x_i − s‖²   (4)
/// ```
///
/// (2) and (3) alternate until no z_i changes. A cluster left empty takes the sample farthest
/// from its centroid as its new one. Of `restarts` runs the one with the lowest (1) is kept,
/// the earliest on ties.
///
/// - Complexity: O(n k d) an iteration.
public struct KMeans: Sendable {
  /// k, the number of clusters.
  public var clusterCount: Int
  /// How many starts are tried; a given one is run once.
  public var restarts = 10
  /// The largest number of iterations of a run.
  public var maximumIterations = 1000

  /// The clustering into k clusters.
  public init(clusters: Int) {
    precondition(clusters > 0, "There is at least one cluster.")
    clusterCount = clusters
  }

  /// Clusters n samples.
  ///
  /// - Parameters:
  ///   - features: n × d; rows are samples.
  ///   - initial: the k centroids to start from, k × d; nil draws them by (4).
  ///   - key: names the draws of (4).
  /// - Returns: the centroids; fewer different ones than k where fewer samples differ.
  /// - Throws: `noSamples`, or `notFinite`.
  public func fit(
    _ features: Matrix<Double>, initial: Matrix<Double>? = nil, key: RandomKey
  ) throws(LearnerError) -> KMeansModel {
    guard features.rows > 0 else { throw .noSamples }
    guard features.frobeniusNorm.isFinite else { throw .notFinite }
    if let initial {
      precondition(
        initial.rows == clusterCount && initial.columns == features.columns,
        "The initial centroids are one for each cluster, with the features of the samples.")
      guard initial.isFinite else { throw .notFinite }
      return run(CentredSamples(features), from: initial)
    }
    let samples = CentredSamples(features)
    var best = run(samples, from: start(features, key.child("restart", 0)))
    for restart in stride(from: 1, to: restarts, by: 1) {
      let other = run(samples, from: start(features, key.child("restart", restart)))
      if other.inertia < best.inertia { best = other }
    }
    return best
  }

  /// k of the samples, drawn by (4); any where all that are left are equal to a start.
  private func start(_ features: Matrix<Double>, _ key: RandomKey) -> Matrix<Double> {
    var stream = RandomStream(key)
    var chosen = [stream.integer(below: features.rows)]
    var distances = [Double](repeating: .infinity, count: features.rows)
    while chosen.count < clusterCount {
      let last = features.plainSquaredDistances(to: features.row(chosen[chosen.count - 1]))
      for (row, distance) in last.enumerated() { distances[row] = min(distances[row], distance) }
      let isSpread = distances.contains { $0 > 0 }
      chosen.append(
        isSpread ? stream.index(weights: distances) : stream.integer(below: features.rows))  // (4)
    }
    return features.selecting(rows: chosen)
  }

  private func run(_ samples: CentredSamples, from start: Matrix<Double>) -> KMeansModel {
    let features = samples.features
    var centroids = start
    var clusters: [Int] = []
    var iterations = 0
    while iterations < maximumIterations {
      iterations += 1
      let assigned = NeighbourSearch(points: centroids, centre: samples.centre)
        .nearest(to: samples)  // (2)
      if assigned == clusters { break }
      (clusters, centroids) = means(features, assigned, centroids)
    }
    var inertia = 0.0
    for (row, cluster) in clusters.enumerated() {
      inertia += squaredDistance(features.row(row), centroids.row(cluster))  // (1)
    }
    return KMeansModel(centroids: centroids, inertia: inertia, iterations: iterations)
  }

  /// The clusters' means (3), once each empty cluster took the sample farthest from its centroid.
  private func means(
    _ features: Matrix<Double>, _ assigned: [Int], _ centroids: Matrix<Double>
  ) -> ([Int], Matrix<Double>) {
    var clusters = assigned
    var counts = [Int](repeating: 0, count: clusterCount)
    for cluster in clusters { counts[cluster] += 1 }
    if counts.contains(0) {
      var distances = clusters.enumerated().map { row, cluster in
        squaredDistance(features.row(row), centroids.row(cluster))
      }
      for cluster in 0..<clusterCount where counts[cluster] == 0 {
        var farthest = 0
        for row in distances.indices where distances[row] > distances[farthest] { farthest = row }
        guard distances[farthest] > 0, counts[clusters[farthest]] > 1 else { break }
        counts[clusters[farthest]] -= 1
        counts[cluster] = 1
        clusters[farthest] = cluster
        distances[farthest] = 0
      }
    }
    var updated = features.sums(ofGroups: clusters, count: clusterCount)
      .scaled(rows: counts.map { 1 / Double(max($0, 1)) })
    for cluster in 0..<clusterCount where counts[cluster] == 0 {
      for column in 0..<features.columns { updated[cluster, column] = centroids[cluster, column] }
    }
    return (clusters, updated)
  }
}

/// The clustering by the nearest of k centroids.
public struct KMeansModel: Clustering, Hashable {
  /// The centroids, k × d.
  public let centroids: Matrix<Double>
  /// Σ_i min_j ‖x_i − v_j‖² of the samples fitted.
  public let inertia: Double
  /// The number of iterations of the run that was kept.
  public let iterations: Int

  /// A clustering of given centroids.
  public init(centroids: Matrix<Double>, inertia: Double = 0, iterations: Int = 0) {
    self.centroids = centroids
    self.inertia = inertia
    self.iterations = iterations
  }

  /// The nearest centroid of each of n samples, the lowest on ties.
  public func clusters(of features: Matrix<Double>) -> [Int] {
    NeighbourSearch(points: centroids).nearest(to: features)
  }
}
