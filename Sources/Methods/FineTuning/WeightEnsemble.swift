public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// WiSE-FT: weights between the source's and the fine-tuned ones.
///
/// M. Wortsman et al. "Robust Fine-Tuning of Zero-Shot Models." CVPR 2022. See
/// `papers/wortsman-2022-wise-ft.md`.
///
/// ```
/// w¹ = argmin over w, from w⁰:  Σ_i ℓ(f(x_i; w), y_i)   over the shots          (1)
/// w = (1 − α) w⁰ + α w¹                                                        (2)
/// ```
///
/// (2) takes all weights, the head and the running statistics of normalisations among them.
///
/// - Complexity: fine-tuning's.
/// - Deviations: the head begins as the source's, as the paper's begins as the zero-shot one.
public struct WeightEnsemble: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// α.
  public var share = 0.5
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "wise-ft", title: "WiSE-FT", family: .fineTuning,
    paper: "wortsman-2022-wise-ft")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "share", \.share, in: 0...1, grid: [0.25, 0.5, 0.75],
      help: "α, how far the weights go from the source's to the tuned ones."),
    .real(
      "trunkRate", \.budget.trunkRate, in: 0...1, grid: [0.01, 0.1, 1],
      help: "What the rate of the layers before the head is multiplied by."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Tunes, then goes part of the way.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let run = try FineTuningRun(
      learner, source: source, shots: shots, head: .source, budget: budget, key: key)
    tune(run)
    return run.classifier
  }

  /// Tunes the network.
  func tune(_ run: FineTuningRun) {
    let start = run.weights.snapshot
    run.tune()  // (1)
    run.weights.snapshot = Self.between(
      start, run.weights.snapshot, share: Float(share))
  }

  /// The weights a share of the way from some to others of the same names.
  static func between(
    _ start: WeightSnapshot, _ end: WeightSnapshot, share: Float
  ) -> WeightSnapshot {
    WeightSnapshot(
      zip(end.names, end.tensors).map { name, tuned in
        guard let first = start[name] else { return (name, tuned) }
        var tensor = tuned
        for (place, value) in first.values.enumerated() {
          tensor.values[place] = (1 - share) * value + share * tuned.values[place]  // (2)
        }
        return (name, tensor)
      })
  }
}
