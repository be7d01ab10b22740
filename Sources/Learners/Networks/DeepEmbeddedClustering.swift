public import LinearAlgebra
import Networks
public import Randomness

/// Deep embedded clustering: an encoder that is trained on until its codes gather about centroids.
///
/// J. Xie, R. Girshick, A. Farhadi. "Unsupervised Deep Embedding for Clustering Analysis." ICML 2016.
///
/// ```
/// minimise over w, w':  mean ‖x_i − g(f(noisy x_i; w); w')‖²                     (1)
/// μ = the centroids of k-means of f(x_i; w)                                     (2)
/// q_ik ∝ 1 / (1 + ‖f(x_i; w) − μ_k‖²),   Σ_k q_ik = 1                           (3)
/// p_ik ∝ q_ik² / Σ_j q_jk,   Σ_k p_ik = 1                                       (4)
/// minimise over w, μ:  mean Σ_k p_ik log(p_ik / q_ik)                           (5)
/// ```
///
/// (1) gives the encoder f; noise sets a share of the features to 0. (5) takes a pass over the samples
/// between two updates of (4), twenty steps at least, until fewer than a thousandth of the samples
/// change their cluster between two.
/// Samples are standardised as those that (1) was fitted to.
///
/// - Complexity: the network's, a step for each batch.
public struct DeepEmbeddedClustering: Sendable {
  /// The widths of the encoder's layers; the decoder has the same in reverse.
  public enum Encoder: String, CaseIterable, Sendable, Hashable {
    /// Three layers, for features of up to some hundreds.
    case small = "128-128-10"
    /// The paper's four layers.
    case large = "500-500-2000-10"

    /// The widths, the code's last.
    public var widths: [Int] { rawValue.split(separator: "-").compactMap { Int($0) } }
  }

  /// k, the number of clusters.
  public var clusterCount: Int
  /// The encoder.
  public var encoder = Encoder.small
  /// The share of the features that (1) sets to 0.
  public var noise: Float = 0.2
  /// Passes over the samples in (1), and batches.
  public var training = NetworkTraining()
  /// How often (4) is computed, at most.
  public var rounds = 10
  /// The steps of (5) after each, at least.
  var fewestSteps = 20
  /// How many starts (2) has.
  public var restarts = 10
  /// The learning rate of (1), by Adam, and of (5), by gradient descent with momentum.
  public var rates: (encoder: Float, clusters: Float) = (1e-3, 0.01)
  /// The clustering into k clusters.
  public init(clusters: Int) {
    precondition(clusters > 0, "There is at least one cluster.")
    clusterCount = clusters
  }

  /// An encoder, and how samples become its input.
  public struct Embedding: Sendable {
    let encoder: Encoder
    let input: NetworkInput
    let weights: WeightSnapshot
  }

  /// Learns an encoder of samples, n × d, by (1), or goes on from one of other samples.
  ///
  /// - Throws: `noSamples`, or `notFinite`.
  public func embedding(
    of features: Matrix<Double>, from start: Embedding? = nil, key: RandomKey
  ) throws(LearnerError) -> Embedding {
    guard features.rows > 0 else { throw .noSamples }
    guard features.isFinite else { throw .notFinite }
    let input =
      if let start { start.input } else { try NetworkInput(.perceptron, fittedTo: features) }
    let store = Weights(key: key.child("weights"))
    let tape = Tape(mode: .training, key: key.child("noise"))
    let batch = min(training.batchSize, features.rows)
    let samples = tape.input([batch] + input.shape)
    let codes = Self.codes(samples.dropout(noise), encoder, Scope(store)("encoder"))
    let decoded = Self.layers(
      codes, encoder.widths.dropLast().reversed() + input.shape, Scope(store)("decoder"))
    if let start { store.snapshot = start.weights }
    let team = Team()
    let program = Program(minimizing: decoded.meanSquaredError(samples), team: team)
    let optimizer = Adam(store, rate: rates.encoder)
    let values = input.values(of: features)
    var batches = Minibatches(of: features.rows, size: batch, key: key.child("batches"))
    for _ in 0..<training.steps(samples: features.rows) {
      program.set(samples, rows: batches.next(), of: values)
      program.forward()
      program.backward()
      optimizer.step(team: team)
    }
    return Embedding(encoder: encoder, input: input, weights: store.snapshot)
  }

  /// Clusters samples, n × d, from an encoder on.
  ///
  /// - Throws: `noSamples`, or `notFinite`.
  public func fit(
    _ features: Matrix<Double>, from embedding: Embedding, key: RandomKey
  ) throws(LearnerError) -> DeepEmbeddedClusteringModel {
    guard features.rows > 0 else { throw .noSamples }
    guard features.isFinite else { throw .notFinite }
    var means = KMeans(clusters: clusterCount)
    means.restarts = restarts
    let centroids = try means.fit(
      DeepEmbeddedClusteringModel(embedding, centroids: Matrix(rows: 0, columns: 0))
        .codes(of: features), key: key.child("centroids")
    ).centroids  // (2)
    return refined(embedding, centroids, features, key: key)
  }

  /// The clustering that (5) leads to from an encoder and centroids.
  func refined(
    _ embedding: Embedding, _ centroids: Matrix<Double>, _ features: Matrix<Double>, key: RandomKey
  ) -> DeepEmbeddedClusteringModel {
    let store = Weights()
    let tape = Tape(mode: .training)
    let batch = min(training.batchSize, features.rows)
    let samples = tape.input([batch] + embedding.input.shape)
    let codes = Self.codes(samples, embedding.encoder, Scope(store)("encoder"))
    let logits = codes.squaredDistances(Scope(store)("centroids"), toPoints: centroids.rows)
      .log1p().scaled(by: -1)  // (3)
    let targets = tape.input([batch, centroids.rows])
    // The cross-entropy differs from the divergence by what doesn't depend on the weights.
    let loss = logits.crossEntropy(targets)  // (5)
    store.snapshot = WeightSnapshot(
      zip(embedding.weights.names, embedding.weights.tensors).map { ($0, $1) } + [
        (
          name: "centroids.points",
          tensor: Tensor([centroids.rows, centroids.columns], centroids.elements.map { Float($0) })
        )
      ])
    let team = Team()
    let program = Program(minimizing: loss, team: team)
    let optimizer = SGD(store, rate: rates.clusters, momentum: 0.9)
    let values = embedding.input.values(of: features)
    var batches = Minibatches(of: features.rows, size: batch, key: key.child("batches"))
    var clusters: [Int] = []
    for _ in 0..<rounds {
      let model = model(embedding, store)
      let codes = model.codes(of: features)
      let now = model.nearest(to: codes)
      let changed = zip(clusters, now).count { $0 != $1 }
      if !clusters.isEmpty, changed * 1000 < features.rows { break }
      clusters = now
      let sharpened = Self.sharpened(model.shares(ofCodes: codes)).elements.map { Float($0) }
      for _ in 0..<max(fewestSteps, (features.rows + batch - 1) / batch) {
        let rows = batches.next()
        program.set(samples, rows: rows, of: values)
        program.set(targets, rows: rows, of: sharpened)
        program.forward()
        program.backward()
        optimizer.step(team: team)
      }
    }
    return model(embedding, store)
  }

  private func model(_ embedding: Embedding, _ store: Weights) -> DeepEmbeddedClusteringModel {
    let points = store.snapshot["centroids.points"]?.values.map { Double($0) } ?? []
    let width = embedding.encoder.widths.last ?? 0
    return DeepEmbeddedClusteringModel(
      Embedding(encoder: embedding.encoder, input: embedding.input, weights: store.snapshot),
      centroids: Matrix(rows: points.count / width, columns: width, elements: points))
  }

  /// p of (4), from q.
  static func sharpened(_ shares: Matrix<Double>) -> Matrix<Double> {
    let sizes = shares.columnSums
    var result = shares
    for row in 0..<shares.rows {
      let squares = (0..<shares.columns).map { shares[row, $0] * shares[row, $0] / sizes[$0] }
      let total = squares.reduce(0, +)
      for column in 0..<shares.columns { result[row, column] = squares[column] / total }
    }
    return result
  }

  /// f: dense layers with activations between them.
  fileprivate static func codes(
    _ samples: Variable, _ encoder: Encoder, _ scope: Scope
  ) -> Variable {
    layers(samples, encoder.widths, scope)
  }

  private static func layers(_ input: Variable, _ widths: [Int], _ scope: Scope) -> Variable {
    var output = input
    for (place, width) in widths.enumerated() {
      output = output.dense(scope(place), width)
      if place < widths.count - 1 { output = output.relu() }
    }
    return output
  }
}

/// A fitted deep embedded clustering.
public struct DeepEmbeddedClusteringModel: Clustering {
  private let embedding: DeepEmbeddedClustering.Embedding
  /// μ, k × the code's width.
  public let centroids: Matrix<Double>

  init(_ embedding: DeepEmbeddedClustering.Embedding, centroids: Matrix<Double>) {
    self.embedding = embedding
    self.centroids = centroids
  }

  /// f of n samples, n × the code's width.
  public func codes(of features: Matrix<Double>) -> Matrix<Double> {
    let width = embedding.encoder.widths.last ?? 0
    let batch = NetworkClassifier.batchSize
    let store = Weights()
    let tape = Tape(mode: .inference)
    let samples = tape.input([batch] + embedding.input.shape)
    let codes = DeepEmbeddedClustering.codes(samples, embedding.encoder, Scope(store)("encoder"))
    store.snapshot = embedding.weights
    let program = Program(computing: [codes], team: Team())
    let values = embedding.input.values(of: features)
    var found: [Double] = []
    for start in stride(from: 0, to: features.rows, by: batch) {
      let rows = Array(start..<min(start + batch, features.rows))
      program.set(samples, rows: rows, of: values)
      program.forward()
      found += program.value(of: codes).values.prefix(rows.count * width).map { Double($0) }
    }
    return Matrix(rows: features.rows, columns: width, elements: found)
  }

  /// q of (3) of n codes, n × k.
  func shares(ofCodes codes: Matrix<Double>) -> Matrix<Double> {
    let kernel = codes.squaredDistances(to: centroids).map { 1 / (1 + $0) }
    return kernel.scaled(rows: kernel.rowSums.map { 1 / $0 })
  }

  /// The nearest centroid of each of n samples.
  public func clusters(of features: Matrix<Double>) -> [Int] {
    features.rows > 0 ? nearest(to: codes(of: features)) : []
  }

  func nearest(to codes: Matrix<Double>) -> [Int] {
    KMeansModel(centroids: centroids).clusters(of: codes)
  }
}
