public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// A Gaussian mixture of the target with the source's mixture as its prior.
///
/// J.-L. Gauvain, C.-H. Lee. "Maximum a Posteriori Estimation for Multivariate Gaussian Mixture
/// Observations of Markov Chains." IEEE Transactions on Speech and Audio Processing 2(2), 1994.
/// See `papers/gauvain-1994-gmm-map.md`.
///
/// ```
/// w⁰, μ⁰, σ⁰² = the mixture of largest likelihood on the source             (1)
/// max over w, μ, σ²:  Σ_j log Σ_k w_k N(x_j; μ_k, σ²_k)  over the target
///   + ρ Σ_k [K w⁰_k log w_k − ½ Σ_c (log σ²_kc + (σ⁰²_kc + (μ_kc − μ⁰_kc)²) / σ²_kc)]   (2)
/// ŷ = argmax over k:  w_k N(x; μ_k, σ²_k)                                   (3)
/// L_v = log-likelihood of half v of the target under the mixture fitted to the other    (4)
/// ```
///
/// (2) is climbed from the source's mixture. Its steps are those of `GaussianMixture`: ρ source
/// samples stand beside the target samples of each component. With `validated`, (2) gives way to
/// the mixture of the target alone where that one has the larger L_1 + L_2.
///
/// - Complexity: O(n d K) an iteration.
/// - Deviations: covariances are diagonal; the choice (4) is an addition.
public struct MixtureMAP: UnsupervisedMethod {
  /// ρ.
  public var relevance = 16.0
  /// Whether (4) decides that the source is used.
  public var validated = true
  /// δ, relative to the mean variance of the columns.
  public var ridge = 0.01
  /// How many starts of the k-means that the source's mixture starts from.
  public var restarts = 10

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "gmm-map", title: "Gaussian mixture with the source's as prior", family: .clustering,
    paper: "gauvain-1994-gmm-map", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "relevance", \.relevance, in: 0...1e6, grid: [0, 1, 4, 16, 64],
      help: "ρ, the target samples that each of the source's components counts for."),
    .flag(
      "validated", \.validated,
      help: "Whether the source is left out where held-out target samples are likelier without."),
    .real(
      "ridge", \.ridge, in: 1e-9...1e3, grid: [0.001, 0.01, 0.1],
      help: "Added to each variance, relative to the columns' mean variance."),
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50],
      help: "How many starts of k-means."),
  ]

  /// The reference is a Gaussian mixture.
  public static let referenceAssignments = [
    Assignment("algorithm", .choice(TargetClustering.Algorithm.gaussianMixture.rawValue))
  ]

  /// Fits the source's mixture, then the target's about it.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    try MethodError.learning { () throws(LearnerError) in
      var algorithm = GaussianMixture(clusters: clusterCount)
      algorithm.ridge = ridge
      algorithm.restarts = restarts
      let prior = try algorithm.fit(source.features, key: key.child("source"))  // (1)
      if validated, try !isLikelier(with: prior, target.features, algorithm, key.child("halves")) {
        return try algorithm.fit(target.features, key: key.child("target"))
      }
      return try adapt(prior, to: target.features, algorithm, key: key.child("target"))  // (3)
    }
  }

  /// The mixture (2) climbed to from the source's.
  func adapt(
    _ prior: GaussianMixtureModel, to features: Matrix<Double>, _ algorithm: GaussianMixture,
    key: RandomKey
  ) throws(LearnerError) -> GaussianMixtureModel {
    try algorithm.fit(
      features, initial: prior, prior: GaussianMixture.Prior(prior, relevance: relevance),
      key: key)  // (2)
  }

  /// Whether halves of the target are at least as likely under the mixture with the prior, fitted
  /// to the other half, as under the one without.
  private func isLikelier(
    with prior: GaussianMixtureModel, _ features: Matrix<Double>, _ algorithm: GaussianMixture,
    _ key: RandomKey
  ) throws(LearnerError) -> Bool {
    guard features.rows > 1 else { return true }
    var stream = RandomStream(key)
    let order = stream.permutation(features.rows)
    let halves = [order.prefix(features.rows / 2), order.dropFirst(features.rows / 2)]
      .map { features.selecting(rows: $0.sorted()) }
    var gain = 0.0
    for (fitted, held) in [(halves[0], halves[1]), (halves[1], halves[0])] {
      let adapted = try adapt(prior, to: fitted, algorithm, key: key)
      let alone = try algorithm.fit(fitted, key: key.child("alone"))
      gain +=
        Double(held.rows)
        * (adapted.meanLogLikelihood(of: held) - alone.meanLogLikelihood(of: held))  // (4)
    }
    return gain >= 0
  }
}
