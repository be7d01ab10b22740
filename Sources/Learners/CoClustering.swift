import Foundation
public import LinearAlgebra
public import Randomness

/// Information-theoretic co-clustering of a table of counts, alone or beside a second table of
/// the same columns.
///
/// I. S. Dhillon, S. Mallela, D. S. Modha. "Information-Theoretic Co-clustering." KDD 2003. With a
/// second table: W. Dai, Q. Yang, G.-R. Xue, Y. Yu. "Self-taught Clustering." ICML 2008.
///
/// ```
/// p(x, z) = table / its sum,   q(y, z) = second table / its sum               (1)
/// J = I(X; Z) − I(X̃; Z̃) + λ (I(Y; Z) − I(Ỹ; Z̃))                            (2)
/// x̃(x) = argmin over x̃:  −Σ_z̃ p(z̃|x) log p(z̃|x̃),   ỹ(y) likewise with q     (3)
/// z̃(z) = argmin over z̃:  −Σ_x̃ p(x̃, z) log p(x̃|z̃) − λ Σ_ỹ q(ỹ, z) log q(ỹ|z̃)  (4)
/// I(X̃; Z̃) = Σ p(x̃, z̃) log (p(x̃, z̃) / (p(x̃) p(z̃)))                          (5)
/// ```
///
/// (3) and (4) are Dhillon's divergences without the terms that are the same for every cluster.
/// Each lowers J or leaves it. Entries below 0 count by their distance to the least of their
/// column in both tables: each such column is moved up to start at 0. The rows start from k-means
/// of the roots of p(Z|x), the columns from k-means of the roots of p(X̃|z) and q(Ỹ|z).
///
/// - Complexity: O(n d L) an iteration, L feature clusters, in matrix products.
public struct CoClustering: Sendable {
  /// K, the clusters of rows, of each table.
  public var clusterCount: Int
  /// L, the clusters of columns; at most the number of columns.
  public var featureClusterCount = 16
  /// The most iterations.
  public var iterations = 20
  /// How many starts of the k-means that (3) starts from.
  public var restarts = 10

  /// A second table, and how much it counts.
  public struct Companion: Sendable, Hashable {
    /// m × d.
    public let table: Matrix<Double>
    /// λ.
    public let weight: Double

    /// A table of that weight, which is not negative.
    public init(_ table: Matrix<Double>, weight: Double) {
      precondition(weight >= 0, "A weight is not negative.")
      self.table = table
      self.weight = weight
    }
  }

  /// The co-clustering into K clusters of rows.
  public init(clusters: Int) {
    precondition(clusters > 0, "There is at least one cluster.")
    clusterCount = clusters
  }

  /// Clusters the rows of a table, n × d.
  ///
  /// - Throws: `noSamples` or `notFinite`.
  public func fit(
    _ table: Matrix<Double>, companion: Companion? = nil, key: RandomKey
  ) throws(LearnerError) -> CoClusteringModel {
    guard table.rows > 0 else { throw .noSamples }
    guard table.frobeniusNorm.isFinite, companion?.table.frobeniusNorm.isFinite ?? true else {
      throw .notFinite
    }
    let second = companion.flatMap { $0.weight > 0 && $0.table.rows > 0 ? $0 : nil }
    var shift = [Double](repeating: 0, count: table.columns)
    for part in [table, second?.table] {
      guard let part else { continue }
      for row in 0..<part.rows {
        for (column, entry) in part.row(row).enumerated() {
          shift[column] = max(shift[column], -entry)
        }
      }
    }
    let first = try part(table.raised(by: shift), weight: 1, key.child("rows"))
    let other = try second.map { given throws(LearnerError) in
      try part(given.table.raised(by: shift), weight: given.weight, key.child("companion"))
    }
    var profiles = first.columnProfiles
    if let other { profiles = profiles.appending(columns: other.columnProfiles) }
    let featureCount = min(featureClusterCount, max(table.columns, 1))
    var start = KMeans(clusters: featureCount)
    start.restarts = 1
    let features = try start.fit(profiles, key: key.child("columns")).clusters(of: profiles)
    let found = improve(first, other, features, featureCount)
    return CoClusteringModel(
      shift: shift, featureClusters: found.features,
      logProfiles: found.first.logProfiles(found.features, featureCount),
      objectives: found.objectives)
  }

  /// (3) and (4) by turns, and J before and after each.
  func improve(
    _ first: Part, _ other: Part?, _ features: [Int], _ featureCount: Int
  ) -> (first: Part, other: Part?, features: [Int], objectives: [Double]) {
    var (first, other, features) = (first, other, features)
    var objectives = [loss(first, other, features, featureCount)]
    for _ in 0..<iterations {
      let last = (first.clusters, other?.clusters, features)
      first.assignRows(features, featureCount)
      other?.assignRows(features, featureCount)  // (3)
      var costs = first.columnCosts(features, featureCount)
      if let other { costs = costs + other.columnCosts(features, featureCount) }
      features = costs.lowestColumns  // (4)
      objectives.append(loss(first, other, features, featureCount))
      if last == (first.clusters, other?.clusters, features) { break }
    }
    return (first, other, features, objectives)
  }

  private func part(
    _ table: Matrix<Double>, weight: Double, _ key: RandomKey
  ) throws(LearnerError) -> Part {
    let sum = table.elements.reduce(0, +)
    let joint = sum > 0 ? table * (1 / sum) : table  // (1)
    let totals = joint.rowSums
    let roots = joint.scaled(rows: totals.map { $0 > 0 ? 1 / $0 : 0 }).map { $0.squareRoot() }
    var start = KMeans(clusters: clusterCount)
    start.restarts = restarts
    let clusters = try start.fit(roots, key: key).clusters(of: roots)
    return Part(joint, weight: weight, clusterCount: clusterCount, clusters: clusters)
  }

  /// J. (2)
  private func loss(_ first: Part, _ other: Part?, _ features: [Int], _ count: Int) -> Double {
    first.loss(features, count) + (other?.loss(features, count) ?? 0)
  }
}

extension CoClustering {
  /// A table with its clusters of rows.
  struct Part {
    /// p, which sums to 1.
    let joint: Matrix<Double>
    let weight: Double
    let clusterCount: Int
    var clusters: [Int]
    private let jointInformation: Double

    init(_ joint: Matrix<Double>, weight: Double, clusterCount: Int, clusters: [Int]) {
      self.joint = joint
      self.weight = weight
      self.clusterCount = clusterCount
      self.clusters = clusters
      jointInformation = information(joint)
    }

    /// p(x̃, z), K × d.
    private var rowSums: Matrix<Double> {
      indicators(of: clusters, clusterCount).multiplied(by: joint, transposingSelf: true)
    }

    /// The roots of p(X̃|z), times that of the weight, d × K.
    var columnProfiles: Matrix<Double> {
      let sums = rowSums.transposed
      return sums.scaled(rows: sums.rowSums.map { $0 > 0 ? weight / $0 : 0 }).map {
        $0.squareRoot()
      }
    }

    /// log p(z̃|x̃), K × L.
    func logProfiles(_ features: [Int], _ count: Int) -> Matrix<Double> {
      let cells = rowSums * indicators(of: features, count)
      return cells.scaled(rows: cells.rowSums.map { $0 > 0 ? 1 / $0 : 0 }).map(safeLog)
    }

    mutating func assignRows(_ features: [Int], _ count: Int) {
      clusters = (joint * indicators(of: features, count))
        .nearestProfiles(logProfiles(features, count))
    }

    /// The weighted term of (4), d × L.
    func columnCosts(_ features: [Int], _ count: Int) -> Matrix<Double> {
      let sums = rowSums
      let cells = sums * indicators(of: features, count)
      let logs = cells.scaled(columns: cells.columnSums.map { $0 > 0 ? 1 / $0 : 0 }).map(safeLog)
      return sums.multiplied(by: logs, transposingSelf: true) * -weight
    }

    /// The weighted I(X; Z) − I(X̃; Z̃).
    func loss(_ features: [Int], _ count: Int) -> Double {
      weight * (jointInformation - information(rowSums * indicators(of: features, count)))
    }
  }

}

/// The mutual information of a table's rows and columns. (5)
private func information(_ table: Matrix<Double>) -> Double {
  let (rows, columns) = (table.rowSums, table.columnSums)
  var sum = 0.0
  for row in 0..<table.rows {
    for (column, entry) in table.row(row).enumerated() where entry > 0 {
      sum += entry * log(entry / (rows[row] * columns[column]))
    }
  }
  return sum
}

/// log x; for 0 a number so low that any share of it tells, yet 0 times it is 0.
private func safeLog(_ value: Double) -> Double { value > 0 ? log(value) : -1e12 }

/// 1 where a row belongs to a cluster, n × count.
private func indicators(of clusters: [Int], _ count: Int) -> Matrix<Double> {
  var indicators = Matrix<Double>(rows: clusters.count, columns: count)
  for (row, cluster) in clusters.enumerated() { indicators[row, cluster] = 1 }
  return indicators
}

extension Matrix<Double> {
  /// Each row plus `shift`, nothing below 0.
  fileprivate func raised(by shift: [Double]) -> Matrix<Double> {
    adding(row: shift).map { max($0, 0) }
  }

  /// For rows of p(z̃, x), the cluster of (3).
  fileprivate func nearestProfiles(_ logProfiles: Matrix<Double>) -> [Int] {
    (multiplied(by: logProfiles, transposingOther: true) * -1).lowestColumns
  }

  /// The column of the smallest entry of each row, the first on ties.
  fileprivate var lowestColumns: [Int] {
    elements.withUnsafeBufferPointer { entries in
      (0..<rows).map { row in
        let start = row * columns
        var best = 0
        for column in 1..<Swift.max(columns, 1)
        where entries[start + column] < entries[start + best] {
          best = column
        }
        return best
      }
    }
  }
}

/// A co-clustering: rows go to the cluster of the nearest profile.
public struct CoClusteringModel: Clustering, Hashable {
  /// What is added to each column before what is still below 0 counts as 0.
  public let shift: [Double]
  /// z̃ of each column, in 0 ..< L.
  public let featureClusters: [Int]
  /// log p(z̃|x̃), K × L.
  public let logProfiles: Matrix<Double>
  /// J at the start and after each iteration. (2)
  public let objectives: [Double]

  /// The cluster (3) of each of n samples, the lowest on ties.
  public func clusters(of features: Matrix<Double>) -> [Int] {
    (features.raised(by: shift) * indicators(of: featureClusters, logProfiles.columns))
      .nearestProfiles(logProfiles)
  }
}
