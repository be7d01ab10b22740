public import LinearAlgebra
public import Randomness

/// k-means of the rows of the leading eigenvectors of a graph of nearest neighbours.
///
/// A. Y. Ng, M. I. Jordan, Y. Weiss. "On Spectral Clustering: Analysis and an Algorithm." NIPS
/// 2001.
///
/// ```
/// max over F:  tr(Fᵀ W F),   FᵀF = I;   W of `SpectralGraph`               (1)
/// f_i ← f_i / ‖f_i‖, then k-means of the f_i                                (2)
/// ```
///
/// A sample that was not fitted has the row that `SpectralGraph` extends to it.
///
/// - Complexity: O(n² d), and the eigenvectors of `SpectralGraph`.
public struct SpectralClustering: Sendable {
  /// K, the number of clusters and of eigenvectors.
  public var clusterCount: Int
  /// k, the neighbours of each sample.
  public var neighbours = 27
  /// How many starts of k-means.
  public var restarts = 10

  /// The clustering into K clusters.
  public init(clusters: Int) {
    precondition(clusters > 0, "There is at least one cluster.")
    clusterCount = clusters
  }

  /// Clusters n samples.
  ///
  /// - Throws: `noSamples`, `notFinite` or `linearAlgebra`.
  public func fit(
    _ features: Matrix<Double>, key: RandomKey
  ) throws(LearnerError) -> SpectralModel {
    let graph = try graph(features)
    return try cluster(graph, graph.eigenvectors(clusterCount), key: key)  // (1)
  }

  /// The graph of n samples.
  public func graph(_ features: Matrix<Double>) throws(LearnerError) -> SpectralGraph {
    guard features.rows > 0 else { throw .noSamples }
    guard features.frobeniusNorm.isFinite else { throw .notFinite }
    return SpectralGraph(points: features, neighbours: neighbours)
  }

  /// The clusters of an embedding, n × K. (2)
  public func cluster(
    _ graph: SpectralGraph, _ embedding: Matrix<Double>, key: RandomKey
  ) throws(LearnerError) -> SpectralModel {
    var algorithm = KMeans(clusters: clusterCount)
    algorithm.restarts = restarts
    return SpectralModel(
      graph: graph, embedding: embedding,
      clusters: try algorithm.fit(embedding.rowsNormalized, key: key))  // (2)
  }
}

/// A clustering of an embedded graph.
public struct SpectralModel: Clustering {
  /// The graph of the samples fitted.
  public let graph: SpectralGraph
  /// F, n × K.
  public let embedding: Matrix<Double>
  /// The clusters among the rows of F, scaled to length 1.
  public let clusters: KMeansModel

  /// The cluster of each of any samples.
  public func clusters(of features: Matrix<Double>) -> [Int] {
    clusters.clusters(of: graph.extend(embedding, to: features).rowsNormalized)
  }
}
