public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Fine-tuning: the source's network, trained on with a new last layer.
///
/// J. Yosinski, J. Clune, Y. Bengio, H. Lipson. "How Transferable Are Features in Deep Neural
/// Networks?" NIPS 2014. See `papers/yosinski-2014-fine-tuning.md`.
///
/// ```
/// w⁰ = argmin over w:  Σ_i ℓ(f(x_i; w), y_i)   over the source                 (1)
/// w = argmin over w, from w⁰ and a new head:  Σ_i ℓ(f(x_i; w), y_i)   over the shots    (2)
/// w_l = w⁰_l   for the blocks l below `frozenLayers`                           (3)
/// ```
///
/// ℓ is the cross-entropy. (2) isn't minimised but approached, for as many steps as a network of
/// the same kind takes from scratch. The layers before the head move at a tenth of its rate.
///
/// - Complexity: the network's, once on the source, once on the shots.
/// - Deviations: a frozen normalisation goes by its running statistics.
public struct FineTune: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// How many blocks from the input on stay as they are.
  public var frozenLayers = 0
  /// Whether the last layer begins as the source's too.
  public var keepsHead = false
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "fine-tune", title: "Fine-tuning", family: .fineTuning,
    paper: "yosinski-2014-fine-tuning")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .integer(
      "frozenLayers", \.frozenLayers, in: 0...1000, grid: [0, 1, 2],
      help: "Blocks from the input on that stay frozen; at most all."),
    .flag(
      "keepsHead", \.keepsHead, help: "Whether the head begins as the source's, or anew."),
    .real(
      "trunkRate", \.budget.trunkRate, in: 0...1, grid: [0.01, 0.1, 1],
      help: "What the rate of the layers before the head is multiplied by."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Trains the source's network, then tunes it on the shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let run = try FineTuningRun(
      learner, source: source, shots: shots, head: keepsHead ? .source : .new, budget: budget,
      key: key)  // (1)
    tune(run)
    return run.classifier
  }

  /// Tunes the network.
  func tune(_ run: FineTuningRun) {
    let frozen = Set(run.blocks.prefix(frozenLayers).flatMap { $0.weights.map(\.name) })  // (3)
    run.tune(training: { !frozen.contains($0.name) })  // (2)
  }
}
