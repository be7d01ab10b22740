public import Domains
public import Learners
import Networks
public import Parameters
public import Randomness

/// MAML, first order: a start from which few steps on few samples lead far.
///
/// C. Finn, P. Abbeel, S. Levine. "Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks."
/// ICML 2017. See `papers/finn-2017-maml.md`.
///
/// ```
/// w' ← w' − α ∇ L_support(w'),   k times from w' = w                               (1)
/// w ← w − β ∇ L_queries(w')                                                        (2)
/// ```
///
/// The losses are cross-entropies on an episode of the source. (2) takes the gradient at w' for one at
/// w, which leaves out the derivative of (1): the paper's first-order form. On the target (1) is done
/// on the shots.
///
/// - Complexity: k + 1 steps of the network an episode, and the steps on the shots.
/// - Deviations: begins as the source trained the network; an episode's classes keep their outputs,
///   as the target has the same; β is Adam's, an episode a step; as many steps on the shots as any
///   network here takes.
public struct ModelAgnostic: InductiveMethod, MetaMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// How its start is learnt.
  public var training = MetaTraining()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "maml", title: "First-order MAML", family: .fewShot, paper: "finn-2017-maml")

  /// The hyperparameters.
  public static let parameters = queryParameters

  static let adaptsHeadAlone = false

  /// Learns a start from episodes of the source, then adapts it to the shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try adapted(source: source, shots: shots, key: key)
  }

  func learn(_ run: MetaRun, from episodes: some Sequence<Episode>) {
    run.moveByQueries(of: episodes)  // (1), (2)
  }
}
