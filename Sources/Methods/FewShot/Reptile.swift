public import Domains
public import Learners
import Networks
public import Parameters
public import Randomness

/// Reptile: a start that moves towards the weights that each episode leads to.
///
/// A. Nichol, J. Achiam, J. Schulman. "On First-Order Meta-Learning Algorithms." arXiv:1803.02999,
/// 2018. See `papers/nichol-2018-reptile.md`.
///
/// ```
/// w' ← w' − α ∇ L(w'),   k times from w' = w                                       (1)
/// w ← w + ε (w' − w)                                                               (2)
/// ε = ε₀ (1 − t / T) in episode t of T                                             (3)
/// ```
///
/// L is the cross-entropy on an episode of the source, which has no queries. On the target (1) is
/// done on the shots.
///
/// - Complexity: k steps of the network an episode, and the steps on the shots.
/// - Deviations: begins as the source trained the network; an episode's classes keep their outputs,
///   as the target has the same; plain steps on a whole episode, where the paper takes Adam's on
///   parts of it; as many steps on the shots as any network here takes.
public struct Reptile: InductiveMethod, MetaMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// How its start is learnt; ε₀ is its rate.
  public var training = MetaTraining()

  /// The method at its defaults.
  public init() {
    training.shape.queries = 1
    training.innerSteps = 3
    training.rate = 1
  }

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "reptile", title: "Reptile", family: .fewShot, paper: "nichol-2018-reptile")

  /// The hyperparameters.
  public static let parameters =
    sharedParameters + [
      .real(
        "rate", \.training.rate, in: 0...1, grid: [0.1, 0.5, 1],
        help: "ε₀, the share of the way towards an episode's weights.")
    ]

  static let adaptsHeadAlone = false

  /// Learns a start from episodes of the source, then adapts it to the shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try adapted(source: source, shots: shots, key: key)
  }

  func learn(_ run: MetaRun, from episodes: some Sequence<Episode>) {
    for (place, episode) in episodes.enumerated() {
      let start = run.weights
      run.adapt(to: episode)  // (1)
      let share = training.rate * (1 - Double(place) / Double(training.episodes))  // (3)
      run.move(from: start, share: Float(share))  // (2)
    }
  }
}

extension MetaRun {
  /// Leaves that share of the way from other weights to those of now.
  fileprivate func move(from start: [Tensor], share: Float) {
    weights = zip(start, weights).map { start, now in
      Tensor(start.shape, zip(start.values, now.values).map { $0 + share * ($1 - $0) })
    }
  }
}
