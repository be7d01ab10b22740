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
/// Gaussian mixture:  max over w, μ, σ²:  Σ_j log Σ_k w_k N(x_j; μ_k, σ²_k)  (3)
/// discriminative k-means:  k-means of Vᵀx, V the discriminants of its clusters  (4)
/// dictionary k-means:  k-means of sparse codes in a dictionary of the target   (5)
/// co-clustering:  min over x̃, z̃:  I(X; Z) − I(X̃; Z̃)                            (6)
/// spectral:  k-means of eigenvectors of a graph of nearest neighbours          (7)
/// deep embedding:  KL(P ‖ Q) of the codes of an autoencoder of the target      (8)
/// ```
///
/// k-means starts from k-means++ centroids, several times, and the lowest objective wins; fuzzy
/// c-means starts from there. Fuzzy clusters, too, name the nearest centroid. The others are the
/// learners `GaussianMixture`, `DiscriminativeKMeans`, `DictionaryKMeans`, `CoClustering`,
/// `SpectralClustering` and `DeepEmbeddedClustering`: the algorithms of the methods that transfer, without a source.
///
/// - Complexity: O(n d K) an iteration.
/// - Deviations: none.
public struct TargetClustering: UnsupervisedMethod {
  /// What the clusters minimise.
  public enum Algorithm: String, ParameterChoice {
    case kMeans = "k-means"
    case fuzzyCMeans = "fuzzy-c-means"
    case gaussianMixture = "gaussian-mixture"
    case discriminativeKMeans = "discriminative-k-means"
    case dictionaryKMeans = "dictionary-k-means"
    case coClustering = "co-clustering"
    case spectral
    case deepEmbedding = "deep-embedding"
  }

  /// What the clusters minimise.
  public var algorithm = Algorithm.kMeans
  /// m.
  public var fuzzifier = 1.5
  /// How many starts.
  public var restarts = 10
  /// What is added to a mixture's variances, or to the scatter within clusters, relative to the
  /// mean variance.
  public var ridge = 0.01
  /// The directions of discriminative k-means; 0 stands for K − 1.
  public var components = 0
  /// The most principal components that they are made of.
  public var subspace = 50
  /// The atoms of a dictionary.
  public var atoms = 32
  /// λ of the codes in a dictionary.
  public var sparsity = 0.1
  /// The clusters of columns of a co-clustering.
  public var featureClusters = 16
  /// The neighbours of each sample in a graph.
  public var neighbours = 27
  /// The layers of a deep embedding's encoder.
  public var encoder = DeepEmbeddedClustering.Encoder.small
  /// Passes over the samples in which it is learnt.
  public var epochs = NetworkTraining().epochs
  /// How often the targets of its codes are computed, at most.
  public var updates = 10

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "target-clustering", title: "Clustering of the target alone", family: .reference,
    paper: "no-transfer-references", version: 3)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("algorithm", \.algorithm, help: "What the clusters minimise."),
    .real(
      "fuzzifier", \.fuzzifier, in: 1.01...10, grid: [1.1, 1.5, 2],
      help: "m, how soft fuzzy clusters are; unused by k-means."),
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50], help: "How many starts of k-means."),
    .real(
      "ridge", \.ridge, in: 1e-9...1e3, grid: [0.001, 0.01, 0.1],
      help: "Added to a mixture's variances or to the scatter within clusters, relatively."),
    .integer(
      "components", \.components, in: 0...10_000, grid: [0, 2, 5, 10],
      help: "Directions of discriminative k-means; 0 stands for one less than clusters."),
    .integer(
      "subspace", \.subspace, in: 1...10_000, grid: [20, 50, 100],
      help: "The most principal components that the directions are made of."),
    .integer(
      "atoms", \.atoms, in: 1...10_000, grid: [16, 32, 64, 128],
      help: "The atoms of a dictionary; at most the samples, and twice the columns."),
    .real(
      "sparsity", \.sparsity, in: 0...1e3, grid: [0.03, 0.1, 0.2, 0.3],
      help: "The weight of the codes' size, where samples have length 1 on average."),
    .integer(
      "featureClusters", \.featureClusters, in: 1...10_000, grid: [8, 16, 32, 64],
      help: "The clusters of columns of a co-clustering; at most the columns."),
    .integer(
      "neighbours", \.neighbours, in: 1...10_000, grid: [5, 10, 27, 50],
      help: "The neighbours of each sample in a graph."),
    .choice("encoder", \.encoder, help: "The widths of a deep embedding's encoder."),
    .integer(
      "epochs", \.epochs, in: 1...10_000,
      help: "Passes over the samples in which the encoder is learnt."),
    .integer(
      "updates", \.updates, in: 0...10_000, grid: [0, 10, 50],
      help: "How often the targets of its codes are computed, at most; 0 leaves the codes alone."),
  ]

  /// Clusters the target; the source is ignored.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    try MethodError.learning { () throws(LearnerError) in
      MappedClustering(try cluster(target.features, into: clusterCount, key: key))
    }
  }

  private func cluster(
    _ features: Matrix<Double>, into count: Int, key: RandomKey
  ) throws(LearnerError) -> any Clustering {
    switch algorithm {
    case .kMeans:
      return try kMeans(features, count, key)
    case .fuzzyCMeans:
      var fuzzy = FuzzyCMeans(clusters: count, fuzzifier: fuzzifier)
      fuzzy.maximumIterations = 10_000
      let model = try fuzzy.fit(
        features, initial: kMeans(features, count, key).centroids, key: key.child("fuzzy"))  // (2)
      return KMeansModel(centroids: model.centroids)
    case .gaussianMixture:
      var mixture = GaussianMixture(clusters: count)
      mixture.ridge = ridge
      mixture.restarts = restarts
      return try mixture.fit(features, key: key.child("target"))  // (3)
    case .discriminativeKMeans:
      var discriminative = DiscriminativeKMeans(clusters: count)
      discriminative.components = components
      discriminative.subspace = subspace
      discriminative.ridge = ridge
      discriminative.restarts = restarts
      return try discriminative.fit(features, key: key.child("target"))  // (4)
    case .dictionaryKMeans:
      var coded = DictionaryKMeans(clusters: count)
      coded.dictionary.atomCount = atoms
      coded.dictionary.sparsity = sparsity
      coded.restarts = restarts
      return try coded.fit(features, key: key.child("target"))  // (5)
    case .coClustering:
      var table = CoClustering(clusters: count)
      table.featureClusterCount = featureClusters
      table.restarts = restarts
      return try table.fit(features, key: key.child("target"))  // (6)
    case .spectral:
      var spectral = SpectralClustering(clusters: count)
      spectral.neighbours = neighbours
      spectral.restarts = restarts
      return try spectral.fit(features, key: key.child("target"))  // (7)
    case .deepEmbedding:
      var deep = DeepEmbeddedClustering(clusters: count)
      deep.encoder = encoder
      deep.training.epochs = epochs
      deep.rounds = updates
      deep.restarts = restarts
      return try deep.fit(
        features, from: deep.embedding(of: features, key: key.child("encoder")),
        key: key.child("target"))  // (8)
    }
  }

  private func kMeans(
    _ features: Matrix<Double>, _ count: Int, _ key: RandomKey
  ) throws(LearnerError) -> KMeansModel {
    var start = KMeans(clusters: count)
    start.restarts = restarts
    return try start.fit(features, key: key.child("target"))  // (1)
  }
}
