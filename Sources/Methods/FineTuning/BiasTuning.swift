public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// BitFit: only biases and the head are tuned.
///
/// E. Ben Zaken, S. Ravfogel, Y. Goldberg. "BitFit: Simple Parameter-efficient Fine-tuning for
/// Transformer-based Masked Language-models." ACL 2022. See `papers/ben-zaken-2022-bitfit.md`.
///
/// ```
/// h_l = a(W⁰_l h_(l−1) + b_l),   b_l and the head are tuned, W⁰_l is the source's  (1)
/// ```
///
/// - Complexity: fine-tuning's, less the gradients of the kernels.
/// - Deviations: biases have the head's rate; offsets of normalisations count as biases.
public struct BiasTuning: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "bitfit", title: "BitFit", family: .fineTuning,
    paper: "ben-zaken-2022-bitfit")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Tunes the biases and the head.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let run = try FineTuningRun(
      learner, source: source, shots: shots, budget: budget, key: key)
    tune(run)
    return run.classifier
  }

  /// Tunes the network.
  func tune(_ run: FineTuningRun) {
    run.tune(groups: [], training: { $0.role == .bias || run.isHead($0) })  // (1)
  }
}
