public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Deep embedded clustering of the target, with an encoder learnt from the source.
///
/// J. Xie, R. Girshick, A. Farhadi. "Unsupervised Deep Embedding for Clustering Analysis." ICML
/// 2016. See `papers/xie-2016-dec.md`.
///
/// ```
/// f = the encoder of a denoising autoencoder of the source, or trained on with the target   (1)
/// μ = the centroids of k-means of f(x_j)  of the target                         (2)
/// q_jk ∝ 1 / (1 + ‖f(x_j) − μ_k‖²),   p_jk ∝ q_jk² / Σ_i q_ik                    (3)
/// minimise over f, μ:  mean KL(p_j ‖ q_j)  over the target                      (4)
/// ```
///
/// - Complexity: the network's, a step for each batch of the source and of the target.
/// - Deviations: the paper learns (1) from the samples that it clusters, as the reference does.
public struct DeepEmbedded: UnsupervisedMethod {
  /// The encoder.
  public var encoder = DeepEmbeddedClustering.Encoder.small
  /// Passes over the source in (1).
  public var epochs = NetworkTraining().epochs
  /// Whether the autoencoder is trained on with the target.
  public var adapts = false
  /// How often p is computed in (4), at most.
  public var updates = 10
  /// How many starts of k-means.
  public var restarts = 10

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "dec", title: "Deep embedded clustering", family: .clustering, paper: "xie-2016-dec")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("encoder", \.encoder, help: "The widths of the encoder's layers, the code's last."),
    .integer(
      "epochs", \.epochs, in: 1...10_000,
      help: "Passes over the source in which the encoder is learnt."),
    .flag(
      "adapts", \.adapts,
      help: "Whether the autoencoder is trained on with the target, for as many passes."),
    .integer(
      "updates", \.updates, in: 0...10_000, grid: [0, 10, 50],
      help: "How often p is computed, at most; 0 leaves the codes as the source's encoder has them."
    ),
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50],
      help: "How many starts of k-means."),
  ]

  /// The reference learns the encoder from the target.
  public static let referenceAssignments = [
    Assignment("algorithm", .choice(TargetClustering.Algorithm.deepEmbedding.rawValue))
  ]

  /// Learns the source's encoder, then clusters the target with it.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    try MethodError.learning { () throws(LearnerError) in
      var algorithm = DeepEmbeddedClustering(clusters: clusterCount)
      algorithm.encoder = encoder
      algorithm.training.epochs = epochs
      algorithm.rounds = updates
      algorithm.restarts = restarts
      var embedding = try algorithm.embedding(
        of: source.features, key: key.child("encoder"))  // (1)
      if adapts {
        embedding = try algorithm.embedding(
          of: target.features, from: embedding, key: key.child("adaptation"))
      }
      return try algorithm.fit(
        target.features, from: embedding, key: key.child("target"))  // (2) (3) (4)
    }
  }
}
