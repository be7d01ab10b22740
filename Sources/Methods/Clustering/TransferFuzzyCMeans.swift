public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Fuzzy c-means on the target whose memberships also weigh the distance to the source's clusters.
///
/// Z. Deng, Y. Jiang, F.-L. Chung, H. Ishibuchi, K.-S. Choi, S. Wang. "Transfer Prototype-Based
/// Fuzzy Clustering." IEEE Transactions on Fuzzy Systems 24(5), 2016. See
/// `papers/deng-2016-transfer-fcm.md`.
///
/// ```
/// s = fuzzy c-means centroids of the source                              (1)
/// min over c, u:  Σ_j Σ_k u_jk^m (‖x_j − c_k‖² + λ ‖x_j − s_k‖²),  Σ_k u_jk = 1   (2)
/// ŷ_j = argmin over k:  ‖x_j − c_k‖² + λ ‖x_j − s_k‖²                     (3)
/// ```
///
/// (2) is minimised by turns from c = s; (3) names the cluster of the largest membership.
///
/// - Complexity: O(n d K) an iteration.
/// - Deviations: m is 1.5, not 2, with which the centroids of many columns coincide. Of the
///   paper's terms the one that weighs memberships by the source's prototypes is used, not the
///   pull of one prototype on the other.
public struct TransferFuzzyCMeans: UnsupervisedMethod {
  /// λ.
  public var strength = 0.5
  /// m.
  public var fuzzifier = 1.5
  /// How many starts on the source.
  public var restarts = 10

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "transfer-fcm", title: "Transfer fuzzy c-means", family: .clustering,
    paper: "deng-2016-transfer-fcm", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "strength", \.strength, in: 0...1e6, grid: [0, 0.1, 0.5, 1, 10],
      help: "λ, the weight of the distance to the source's centroids."),
    .real(
      "fuzzifier", \.fuzzifier, in: 1.01...10, grid: [1.1, 1.5, 2],
      help: "m, how soft the clusters are."),
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50],
      help: "How many starts on the source."),
  ]

  /// The reference is fuzzy c-means.
  public static let referenceAssignments = [
    Assignment("algorithm", .choice(TargetClustering.Algorithm.fuzzyCMeans.rawValue))
  ]

  /// Clusters the source, then the target with the source's centroids in view.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    try MethodError.learning { () throws(LearnerError) in
      var start = KMeans(clusters: clusterCount)
      start.restarts = restarts
      let centroids = try start.fit(source.features, key: key.child("source")).centroids
      var algorithm = FuzzyCMeans(clusters: clusterCount, fuzzifier: fuzzifier)
      algorithm.maximumIterations = 10_000
      let anchors = try algorithm.fit(
        source.features, initial: centroids, key: key.child("fuzzy")
      ).centroids  // (1)
      return try cluster(target.features, from: anchors, key: key.child("target"))
    }
  }

  /// Minimises (2) from the source's centroids.
  func cluster(
    _ features: Matrix<Double>, from anchors: Matrix<Double>, key: RandomKey
  ) throws(LearnerError) -> AnchoredClustering {
    var algorithm = FuzzyCMeans(clusters: anchors.rows, fuzzifier: fuzzifier)
    algorithm.maximumIterations = 10_000
    let model = try algorithm.fit(
      features, initial: anchors, offsets: features.centredSquaredDistances(to: anchors) * strength,
      key: key)
    return AnchoredClustering(
      centroids: model.centroids, anchors: anchors, strength: strength)  // (2)
  }
}

/// Clusters by the distance to a centroid and to its anchor.
struct AnchoredClustering: Clustering {
  let centroids: Matrix<Double>
  let anchors: Matrix<Double>
  let strength: Double

  func clusters(of features: Matrix<Double>) -> [Int] {
    (features.centredSquaredDistances(to: centroids)
      + features.centredSquaredDistances(to: anchors) * strength)
      .rowMinima  // (3)
  }
}

extension Matrix<Double> {
  /// The column of the smallest entry of each row, the first on ties.
  var rowMinima: [Int] {
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
