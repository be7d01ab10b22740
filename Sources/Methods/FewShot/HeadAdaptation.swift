public import Domains
public import Learners
import Networks
public import Parameters
public import Randomness

/// ANIL: a start whose last layer alone adapts.
///
/// A. Raghu, M. Raghu, S. Bengio, O. Vinyals. "Rapid Learning or Feature Reuse? Towards Understanding
/// the Effectiveness of MAML." ICLR 2020. See `papers/raghu-2020-anil.md`.
///
/// ```
/// v' ← v' − α ∇_v L_support(w, v'),   k times from v' = v                          (1)
/// w, v ← w, v − β ∇_(w, v) L_queries(w, v')                                        (2)
/// ```
///
/// v is the last layer, w the others: these learn from all episodes and adapt to none. As in `maml`
/// the derivative of (1) is left out. On the target (1) is done on the shots.
///
/// - Complexity: k steps of the last layer and one of the network an episode, and the steps on the
///   shots.
/// - Deviations: those of `maml`, the first order among them.
public struct HeadAdaptation: InductiveMethod, MetaMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// How its start is learnt.
  public var training = MetaTraining()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "anil", title: "Almost no inner loop", family: .fewShot, paper: "raghu-2020-anil")

  /// The hyperparameters.
  public static let parameters = queryParameters

  static let adaptsHeadAlone = true

  /// Learns a start from episodes of the source, then adapts its last layer to the shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try adapted(source: source, shots: shots, key: key)
  }

  func learn(_ run: MetaRun, from episodes: some Sequence<Episode>) {
    run.moveByQueries(of: episodes)  // (1), (2)
  }
}
