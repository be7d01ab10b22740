public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Prototypical networks: the nearest class mean in an embedding that was trained for it.
///
/// J. Snell, K. Swersky, R. Zemel. "Prototypical Networks for Few-shot Learning." NIPS 2017. See
/// `papers/snell-2017-prototypical.md`.
///
/// ```
/// c_k = mean of f(x_i; w) over the support of class k                          (1)
/// p(y = k | x) = exp(−‖f(x; w) − c_k‖²) / Σ_k' exp(−‖f(x; w) − c_k'‖²)          (2)
/// w: mean over the queries of −log p(y | x) falls, episode by episode          (3)
/// ```
///
/// The episodes are the source's; for the target, the shots are the support.
///
/// - Complexity: a step of the network on each episode, then a pass over the shots.
/// - Deviations: the network begins as the source's classifier unless `pretrained` is off, and few
///   episodes are drawn; the rate doesn't decay.
public struct Prototypical: InductiveMethod, EpisodicMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// How it is trained.
  public var training = EpisodicTraining()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "prototypical", title: "Prototypical networks", family: .fewShot,
    paper: "snell-2017-prototypical")

  /// The hyperparameters.
  public static let parameters = trainingParameters

  /// Trains the embedding on the source, then takes the means of the shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try fitted(to: source, shots)
  }

  func loss(of run: EpisodicRun) -> Variable {
    let prototypes = run.support.means(ofGroups: run.ways)  // (1)
    return run.queries.squaredDistances(toRowsOf: prototypes).scaled(by: -1)
      .crossEntropy(run.labels)  // (2), (3)
  }

  func model(
    of support: LabelledSample, _ weights: WeightSnapshot
  ) throws(MethodError) -> any Classifier {
    // Nothing is drawn.
    try LearnerChoice.nearestMean.fit(support, key: RandomKey(seed: 0))
  }
}
