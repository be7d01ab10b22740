import Foundation
import Learners
import LinearAlgebra
import Randomness

/// Clusters that are the cells of centroids: each sample belongs to the nearest.
struct CentroidClustering: Clustering {
  /// The centroids, K × d.
  let centroids: Matrix<Double>

  func clusters(of features: Matrix<Double>) -> [Int] {
    features.centredDistances(to: centroids).rowMinima
  }
}

extension Matrix<Double> {
  /// Squared distances to other rows, computed about their mean: far from the origin, the plain
  /// form loses the digits that tell them apart.
  func centredDistances(to other: Matrix<Double>) -> Matrix<Double> {
    let centre = other.columnMeans
    return subtracting(row: centre).squaredDistances(to: other.subtracting(row: centre))
  }
}

/// First centroids by k-means++.
///
/// D. Arthur, S. Vassilvitskii. "k-means++: The Advantages of Careful Seeding." SODA 2007.
///
/// ```
/// the first centroid is a uniformly drawn sample; each further one is sample j with
/// probability  D_j² / Σ_i D_i²,  D_j the distance to the nearest centroid so far   (1)
/// ```
///
/// Where every sample lies on a centroid, the draw is uniform.
func plusPlusCentroids(
  of features: Matrix<Double>, count: Int, key: RandomKey
) -> Matrix<Double> {
  var stream = RandomStream(key)
  var chosen: [Int] = []
  var nearest = [Double](repeating: .infinity, count: features.rows)
  while chosen.count < count {
    let total = nearest.reduce(0, +)
    let next =
      chosen.isEmpty || total == 0
      ? stream.integer(below: features.rows) : stream.index(weights: nearest)  // (1)
    chosen.append(next)
    let distances = features.centredDistances(to: features.selecting(rows: [next])).elements
    for row in nearest.indices { nearest[row] = min(nearest[row], distances[row]) }
    nearest[next] = 0
  }
  return features.selecting(rows: chosen)
}

/// Alternation of centroids and of what belongs to them, from given centroids to a fixed point.
///
/// S. P. Lloyd. "Least squares quantization in PCM." IEEE Trans. Information Theory 28, 1982.
/// J. C. Bezdek. "Pattern Recognition with Fuzzy Objective Function Algorithms." Plenum 1981.
///
/// ```
/// k-means:        a_j = argmin over k:  ‖x_j − c_k‖²                      (2)
///                 c_k = (Σ_{a_j = k} x_j + λ s_k) / (n_k + λ)             (3)
/// fuzzy c-means:  u_jk = D_jk^(−1/(m−1)) / Σ_l D_jl^(−1/(m−1)),
///                 D_jk = ‖x_j − c_k‖² + λ ‖x_j − s_k‖²                    (4)
///                 c_k = Σ_j u_jk^m x_j / Σ_j u_jk^m                       (5)
/// ```
///
/// s_k are the anchors, λ their pull; without anchors λ is 0. A cluster without samples keeps
/// its centroid.
struct CentroidIteration: Sendable {
  /// How samples belong to centroids.
  enum Membership: Sendable {
    case hard
    /// m.
    case fuzzy(fuzzifier: Double)
  }

  let membership: Membership
  let maximumIterations: Int
  /// s, K × d.
  var anchors: Matrix<Double>?
  /// λ.
  var pull = 0.0

  /// Centroids and the objective's value there.
  struct Solution: Sendable {
    let centroids: Matrix<Double>
    let objective: Double
  }

  /// Iterates from `start`, K × d, until the centroids stand still.
  func solve(_ features: Matrix<Double>, from start: Matrix<Double>) -> Solution {
    var centroids = start
    let scale = features.centred.frobeniusNorm
    for _ in 0..<maximumIterations {
      let weights = weights(of: features, centroids).weights
      let next = updated(centroids, features, weights)
      let shift = (next - centroids).frobeniusNorm
      centroids = next
      if shift <= 1e-10 * scale { break }
    }
    return Solution(
      centroids: centroids, objective: weights(of: features, centroids).objective)
  }

  /// The best of several solutions from k-means++ centroids.
  func solve(
    _ features: Matrix<Double>, clusters: Int, restarts: Int, key: RandomKey
  ) -> Solution {
    func solution(_ restart: Int) -> Solution {
      let start = plusPlusCentroids(
        of: features, count: clusters, key: key.child("restart", restart))
      return solve(features, from: start)
    }
    var best = solution(0)
    for restart in 1..<max(restarts, 1) {
      let next = solution(restart)
      if next.objective < best.objective { best = next }
    }
    return best
  }

  /// The weight of each sample in each centroid, n × K, and the objective.
  func weights(
    of features: Matrix<Double>, _ centroids: Matrix<Double>
  ) -> (weights: Matrix<Double>, objective: Double) {
    var distances = features.centredDistances(to: centroids)
    switch membership {
    case .hard:
      var weights = Matrix<Double>(rows: features.rows, columns: centroids.rows)
      var objective = 0.0
      for (row, nearest) in distances.rowMinima.enumerated() {
        weights[row, nearest] = 1  // (2)
        objective += distances[row, nearest]
      }
      if let anchors {
        objective += pull * (centroids - anchors).rowSquaredNorms.reduce(0, +)
      }
      return (weights, objective)
    case .fuzzy(let fuzzifier):
      if let anchors { distances = distances + features.centredDistances(to: anchors) * pull }
      let weights = memberships(distances, fuzzifier).map { pow($0, fuzzifier) }
      let objective = zip(weights.elements, distances.elements).reduce(0) { $0 + $1.0 * $1.1 }
      return (weights, objective)
    }
  }

  /// u of (4) from D, n × K; samples on centroids belong to those alone.
  private func memberships(_ distances: Matrix<Double>, _ fuzzifier: Double) -> Matrix<Double> {
    var logarithms = distances.map { $0 > 0 ? -log($0) / (fuzzifier - 1) : .infinity }
    for row in 0..<distances.rows where distances.row(row).contains(0) {
      for column in 0..<distances.columns {
        logarithms[row, column] = distances[row, column] == 0 ? 0 : -.infinity
      }
    }
    let normalizers = logarithms.rowLogSumExp
    for row in 0..<distances.rows {
      for column in 0..<distances.columns { logarithms[row, column] -= normalizers[row] }
    }
    return logarithms.exponential()  // (4)
  }

  private func updated(
    _ centroids: Matrix<Double>, _ features: Matrix<Double>, _ weights: Matrix<Double>
  ) -> Matrix<Double> {
    var sums = weights.multiplied(by: features, transposingSelf: true)
    var totals = weights.columnSums
    if case .hard = membership, let anchors {
      sums = sums + anchors * pull
      totals = totals.map { $0 + pull }
    }
    var result = sums.scaled(rows: totals.map { $0 > 0 ? 1 / $0 : 0 })  // (3), (5)
    for row in 0..<totals.count where totals[row] == 0 {
      for column in 0..<result.columns { result[row, column] = centroids[row, column] }
    }
    return result
  }
}
