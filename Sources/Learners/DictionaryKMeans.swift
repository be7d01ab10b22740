public import LinearAlgebra
public import Randomness

/// k-means of the samples' sparse codes.
///
/// After R. Raina, A. Battle, H. Lee, B. Packer, A. Y. Ng. "Self-taught Learning: Transfer
/// Learning from Unlabeled Data." ICML 2007.
///
/// ```
/// z = (x − μ) / s,   s² = mean of ‖x − μ‖²                                   (1)
/// a(x) = argmin over a:  ½ ‖z − a D‖² + λ ‖a‖₁                               (2)
/// min over c:  Σ_i min over k of ‖a(x_i) − c_k‖²                             (3)
/// ```
///
/// D is learnt from the samples themselves or given. λ means the same in every unit, since z has
/// length 1 on average.
///
/// - Complexity: that of `SparseDictionary` and O(n M K) an iteration of k-means.
public struct DictionaryKMeans: Sendable {
  /// K, the number of clusters.
  public var clusterCount: Int
  /// How D is learnt where none is given.
  public var dictionary = SparseDictionary()
  /// How many starts of k-means.
  public var restarts = 10

  /// The clustering into K clusters.
  public init(clusters: Int) {
    precondition(clusters > 0, "There is at least one cluster.")
    clusterCount = clusters
  }

  /// The dictionary of n samples, once brought to mean 0 and length 1.
  public func learn(
    _ features: Matrix<Double>, key: RandomKey
  ) throws(LearnerError) -> SparseDictionaryModel {
    try dictionary.fit(UnitScale(features).apply(features), key: key)
  }

  /// Clusters n samples.
  ///
  /// - Parameters:
  ///   - features: n × d; rows are samples.
  ///   - given: the dictionary; nil learns one.
  ///   - key: names the draws.
  /// - Returns: the clustering, with its dictionary.
  /// - Throws: `noSamples` or `notFinite`.
  public func fit(
    _ features: Matrix<Double>, in given: SparseDictionaryModel? = nil, key: RandomKey
  ) throws(LearnerError) -> DictionaryKMeansModel {
    guard features.rows > 0 else { throw .noSamples }
    guard features.frobeniusNorm.isFinite else { throw .notFinite }
    let scale = UnitScale(features)
    let dictionary: SparseDictionaryModel
    if let given {
      dictionary = given
    } else {
      dictionary = try learn(features, key: key.child("dictionary"))
    }
    var algorithm = KMeans(clusters: clusterCount)
    algorithm.restarts = restarts
    let codes = dictionary.codes(of: scale.apply(features))  // (2)
    return DictionaryKMeansModel(
      scale: scale, dictionary: dictionary,
      clusters: try algorithm.fit(codes, key: key.child("clusters")))  // (3)
  }
}

/// Brings samples to mean 0 and mean squared length 1. (1)
struct UnitScale: Sendable, Hashable {
  let mean: [Double]
  let factor: Double

  init(_ features: Matrix<Double>) {
    mean = features.columnMeans
    let length = features.subtracting(row: mean).frobeniusNorm
    factor = length > 0 ? Double(features.rows).squareRoot() / length : 1
  }

  func apply(_ features: Matrix<Double>) -> Matrix<Double> {
    features.subtracting(row: mean) * factor  // (1)
  }
}

/// The clustering by the nearest of K centroids among sparse codes.
public struct DictionaryKMeansModel: Clustering, Hashable {
  let scale: UnitScale
  /// D and λ.
  public let dictionary: SparseDictionaryModel
  /// The clusters among the codes.
  public let clusters: KMeansModel

  /// The cluster of each of n samples.
  public func clusters(of features: Matrix<Double>) -> [Int] {
    clusters.clusters(of: dictionary.codes(of: scale.apply(features)))
  }
}
