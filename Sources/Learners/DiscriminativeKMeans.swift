public import LinearAlgebra
public import Randomness

/// k-means in the subspace that best tells its own clusters apart.
///
/// C. Ding, T. Li. "Adaptive Dimension Reduction Using Discriminant Analysis and K-means
/// Clustering." ICML 2007.
///
/// ```
/// z = Pᵀ(x − μ),  P the leading principal components                        (1)
/// S_w = Σ_c Σ_{i∈c} (z_i − m_c)(z_i − m_c)ᵀ,
///   S_b = Σ_c n_c (m_c − m)(m_c − m)ᵀ                                        (2)
/// S_b v = λ (S_w + δ I) v  for the q largest λ,   δ = ridge · tr(S_w + S_b) / r   (3)
/// clusters ← k-means of Vᵀz, from the clusters that (2) had                 (4)
/// ```
///
/// (2) to (4) are repeated until no cluster changes; the first clusters are those of k-means
/// of z. A companion adds weight · its own S_w and S_b to (2), each about its own means: clusters
/// of other samples, which don't change, in whose subspace those sought are looked for as well.
///
/// - Complexity: O(n r (q + K)) an iteration of k-means, O(n r² + r³) a round, r components.
public struct DiscriminativeKMeans: Sendable {
  /// K, the number of clusters.
  public var clusterCount: Int
  /// q, the directions kept; 0 stands for K − 1, and at most K − 1 if there is no companion.
  public var components = 0
  /// The most principal components of (1).
  public var subspace = 50
  /// δ, relative to the mean variance of a component.
  public var ridge = 0.1
  /// How many starts of the first k-means.
  public var restarts = 10
  /// The most rounds.
  public var rounds = 20

  /// Other samples with their clusters.
  public struct Companion: Sendable, Hashable {
    /// The samples, with the features of those to be clustered.
    public let features: Matrix<Double>
    /// The cluster of each, in 0 ..< K.
    public let clusters: [Int]
    /// How much each counts beside a sample to be clustered.
    public let weight: Double

    /// Samples, their clusters and their weight.
    public init(features: Matrix<Double>, clusters: [Int], weight: Double) {
      precondition(features.rows == clusters.count, "Every sample has a cluster.")
      precondition(weight >= 0, "A weight is not negative.")
      self.features = features
      self.clusters = clusters
      self.weight = weight
    }
  }

  /// The clustering into K clusters.
  public init(clusters: Int) {
    precondition(clusters > 0, "There is at least one cluster.")
    clusterCount = clusters
  }

  /// Clusters n samples.
  ///
  /// - Throws: `noSamples`, `notFinite` or `linearAlgebra`.
  public func fit(
    _ features: Matrix<Double>, companion: Companion? = nil, key: RandomKey
  ) throws(LearnerError) -> DiscriminativeKMeansModel {
    guard features.rows > 0 else { throw .noSamples }
    let mean = features.columnMeans
    var pooled = features.subtracting(row: mean)
    let companion = companion.flatMap { $0.weight > 0 && $0.features.rows > 0 ? $0 : nil }
    if let companion {
      pooled = pooled.appending(rows: companion.features.centred * companion.weight.squareRoot())
    }
    let basis = try PrincipalComponents.fit(pooled, count: subspace).components
    let rows = features.subtracting(row: mean) * basis  // (1)
    let others = companion.map { ($0.features.centred * basis, $0.clusters, $0.weight) }
    var start = KMeans(clusters: clusterCount)
    start.restarts = restarts
    let first = try start.fit(rows, key: key.child("start"))
    var clusters = first.clusters(of: rows)
    var model = DiscriminativeKMeansModel(mean: mean, directions: basis, clusters: first)
    guard basis.columns > 0 else { return model }
    for _ in 0..<rounds {
      let directions = try self.directions(rows, clusters, others)
      guard directions.columns > 0 else { break }
      let projected = rows * directions
      let found = try KMeans(clusters: clusterCount).fit(
        projected, initial: means(projected, clusters), key: key)  // (4)
      model = DiscriminativeKMeansModel(
        mean: mean, directions: basis * directions, clusters: found)
      let next = found.clusters(of: projected)
      if next == clusters { break }
      clusters = next
    }
    return model
  }

  /// The directions (3) of samples in clusters, r × q.
  func directions(
    _ rows: Matrix<Double>, _ clusters: [Int],
    _ others: (rows: Matrix<Double>, clusters: [Int], weight: Double)?
  ) throws(LearnerError) -> Matrix<Double> {
    var (within, between) = scatters(rows, clusters)
    var rank = Set(clusters).count - 1
    if let others {
      let (otherWithin, otherBetween) = scatters(others.rows, others.clusters)
      within = within + otherWithin * others.weight
      between = between + otherBetween * others.weight
      rank += Set(others.clusters).count - 1
    }
    let order = rows.columns
    let total = (within.trace + between.trace) / Double(order)
    guard total > 0, rank > 0 else { return Matrix(rows: order, columns: 0) }
    let count = min(components > 0 ? components : max(clusterCount - 1, 1), rank, order)
    do {
      return try between.symmetricEigen(
        relativeTo: within.adding(diagonal: ridge * total), .largest(count)
      ).vectors  // (3)
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// S_w and S_b. (2)
  private func scatters(
    _ rows: Matrix<Double>, _ clusters: [Int]
  ) -> (within: Matrix<Double>, between: Matrix<Double>) {
    var counts = [Double](repeating: 0, count: clusterCount)
    for cluster in clusters { counts[cluster] += 1 }
    let centred = rows.centred
    let between = means(centred, clusters)
      .scaled(rows: counts.map { $0.squareRoot() }).gram
    return (centred.gram - between, between)
  }

  /// The clusters' means, K × r; zeros where a cluster has no sample.
  private func means(_ rows: Matrix<Double>, _ clusters: [Int]) -> Matrix<Double> {
    var counts = [Double](repeating: 0, count: clusterCount)
    for cluster in clusters { counts[cluster] += 1 }
    var indicators = Matrix<Double>(rows: clusterCount, columns: rows.rows)
    for (row, cluster) in clusters.enumerated() { indicators[cluster, row] = 1 / counts[cluster] }
    return indicators * rows
  }
}

/// The clustering by the nearest of K centroids in a subspace.
public struct DiscriminativeKMeansModel: Clustering, Hashable {
  /// μ.
  public let mean: [Double]
  /// P V, d × q.
  public let directions: Matrix<Double>
  /// The clusters in the subspace.
  public let clusters: KMeansModel

  /// The cluster of each of n samples.
  public func clusters(of features: Matrix<Double>) -> [Int] {
    clusters.clusters(of: features.subtracting(row: mean) * directions)
  }
}
