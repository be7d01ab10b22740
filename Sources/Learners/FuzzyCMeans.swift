import Foundation
public import LinearAlgebra
public import Randomness

/// Fuzzy c-means clustering.
///
/// J. C. Bezdek. "Pattern Recognition with Fuzzy Objective Function Algorithms." Plenum 1981.
/// With an optional term that lets a sample's membership depend on more than its distance to
/// the centroids, as the transfer variants do (Z. Deng et al., "Transfer prototype-based fuzzy
/// clustering", IEEE Transactions on Fuzzy Systems 24, 2016):
///
/// ```
/// minimise over u, v:  Σ_i Σ_j u_ij^m (‖x_i − v_j‖² + o_ij),   Σ_j u_ij = 1   (1)
/// D_ij = ‖x_i − v_j‖² + o_ij
/// u_ij = 1 / Σ_k (D_ij / D_ik)^(1/(m−1))                                      (2)
/// v_j = Σ_i u_ij^m x_i / Σ_i u_ij^m                                           (3)
/// ```
///
/// o_ij ≥ 0 are the fixed `offsets`. With λ ‖x_i − s_j‖² for source centroids s_j, (1) is the
/// fuzzy c-means whose samples are pulled to clusters that lie where the source's did. To pull
/// the centroids themselves, give `pull`:
///
/// ```
/// (1) + γ Σ_i Σ_j u_ij^m ‖v_j − s_j‖²
/// v_j = (Σ_i u_ij^m x_i + γ Σ_i u_ij^m s_j) / ((1 + γ) Σ_i u_ij^m)            (4)
/// ```
///
/// A sample at distance 0 of some centroids belongs to these alone, in equal parts.
///
/// - Complexity: O(n k d) an iteration.
public struct FuzzyCMeans: Sendable {
  /// k, the number of clusters.
  public var clusterCount: Int
  /// m, how soft the memberships are; above 1.
  public var fuzzifier = 2.0
  /// The iteration ends where no membership changes by more.
  public var tolerance = 1e-8
  /// The largest number of iterations.
  public var maximumIterations = 1000

  /// Centroids towards which those sought are pulled. (4)
  public struct Pull: Sendable, Hashable {
    /// s, k × d.
    public let centroids: Matrix<Double>
    /// γ, at least 0.
    public let strength: Double

    /// A pull of that strength to these centroids.
    public init(to centroids: Matrix<Double>, strength: Double) {
      precondition(strength >= 0, "The strength of a pull is not negative.")
      self.centroids = centroids
      self.strength = strength
    }
  }

  /// The clustering into k clusters.
  public init(clusters: Int, fuzzifier: Double = 2) {
    precondition(clusters > 0, "There is at least one cluster.")
    precondition(fuzzifier > 1, "The fuzzifier is larger than 1.")
    clusterCount = clusters
    self.fuzzifier = fuzzifier
  }

  /// Clusters n samples.
  ///
  /// - Parameters:
  ///   - features: n × d; rows are samples.
  ///   - initial: the k centroids to start from, k × d; nil takes those of k-means.
  ///   - offsets: o, n × k; nil is zero.
  ///   - pull: centroids towards which those sought are pulled; nil is none.
  ///   - key: names the draws of the start.
  /// - Returns: the centroids and memberships.
  /// - Throws: `noSamples`, `notFinite`, or `notConverged`.
  public func fit(
    _ features: Matrix<Double>, initial: Matrix<Double>? = nil, offsets: Matrix<Double>? = nil,
    pull: Pull? = nil, key: RandomKey
  ) throws(LearnerError) -> FuzzyCMeansModel {
    guard features.rows > 0 else { throw .noSamples }
    guard features.frobeniusNorm.isFinite, offsets?.isFinite ?? true, initial?.isFinite ?? true,
      pull?.centroids.isFinite ?? true
    else { throw .notFinite }
    precondition(
      offsets.map { $0.rows == features.rows && $0.columns == clusterCount } ?? true,
      "There is one offset for each sample and cluster.")
    for centroids in [initial, pull?.centroids] {
      precondition(
        centroids.map { $0.rows == clusterCount && $0.columns == features.columns } ?? true,
        "Given centroids are one for each cluster, with the features of the samples.")
    }
    var centroids: Matrix<Double>
    if let initial {
      centroids = initial
    } else {
      centroids = try KMeans(clusters: clusterCount).fit(features, key: key.child("start"))
        .centroids
    }
    var memberships = Matrix<Double>(rows: features.rows, columns: clusterCount)
    for _ in 0..<maximumIterations {
      var distances = features.centredSquaredDistances(to: centroids)
      if let offsets { distances = distances + offsets }
      let updated = Self.memberships(distances, fuzzifier: fuzzifier)
      let change = (updated - memberships).elements.reduce(0) { max($0, abs($1)) }
      memberships = updated
      if change <= tolerance {
        return FuzzyCMeansModel(
          centroids: centroids, memberships: memberships, fuzzifier: fuzzifier)
      }
      centroids = self.centroids(features, memberships, centroids, pull)
    }
    throw .notConverged(learner: "fuzzy-c-means", iterations: maximumIterations)
  }

  /// The memberships (2) of squared distances D, n × k; each row sums to 1.
  public static func memberships(
    _ squaredDistances: Matrix<Double>, fuzzifier: Double
  ) -> Matrix<Double> {
    let exponent = 1 / (fuzzifier - 1)
    var memberships = squaredDistances
    let clusterCount = squaredDistances.columns
    for row in 0..<squaredDistances.rows {
      let distances = squaredDistances.row(row)
      let least = distances.min() ?? 0
      // Relative to the least distance no power overflows.
      let shares = distances.map { distance in
        least > 0 ? pow(least / distance, exponent) : distance > 0 ? 0 : 1
      }
      let total = shares.reduce(0, +)
      for column in 0..<clusterCount { memberships[row, column] = shares[column] / total }
    }
    return memberships
  }

  /// (3), or (4) with a pull; a cluster without members keeps its centroid.
  private func centroids(
    _ features: Matrix<Double>, _ memberships: Matrix<Double>, _ last: Matrix<Double>, _ pull: Pull?
  ) -> Matrix<Double> {
    let powers =
      fuzzifier == 2 ? memberships.map { $0 * $0 } : memberships.map { pow($0, fuzzifier) }
    let totals = powers.columnSums
    var centroids = powers.multiplied(by: features, transposingSelf: true)
    for cluster in 0..<clusterCount {
      for column in 0..<features.columns {
        guard totals[cluster] > 0 else {
          centroids[cluster, column] = last[cluster, column]
          continue
        }
        var entry = centroids[cluster, column] / totals[cluster]
        if let pull {
          entry = (entry + pull.strength * pull.centroids[cluster, column]) / (1 + pull.strength)
        }
        centroids[cluster, column] = entry
      }
    }
    return centroids
  }
}

/// A fuzzy clustering.
public struct FuzzyCMeansModel: Clustering, Hashable {
  /// The centroids, k × d.
  public let centroids: Matrix<Double>
  /// The memberships of the n samples fitted, n × k; each row sums to 1.
  public let memberships: Matrix<Double>
  /// m, how soft the memberships are.
  public let fuzzifier: Double

  /// A clustering of given centroids and memberships.
  public init(centroids: Matrix<Double>, memberships: Matrix<Double>, fuzzifier: Double) {
    self.centroids = centroids
    self.memberships = memberships
    self.fuzzifier = fuzzifier
  }

  /// The memberships (2) of any n samples, n × k, by their distances alone, without offsets.
  public func memberships(of features: Matrix<Double>) -> Matrix<Double> {
    FuzzyCMeans.memberships(
      features.centredSquaredDistances(to: centroids), fuzzifier: fuzzifier)
  }

  /// The nearest centroid of each of n samples, the lowest on ties: the largest membership.
  public func clusters(of features: Matrix<Double>) -> [Int] {
    NeighbourSearch(points: centroids).nearest(to: features)
  }
}
