public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Linear probing, then fine-tuning from the probe.
///
/// A. Kumar, A. Raghunathan, R. Jones, T. Ma, P. Liang. "Fine-Tuning can Distort Pretrained Features
/// and Underperform Out-of-Distribution." ICLR 2022. See `papers/kumar-2022-lp-ft.md`.
///
/// ```
/// V = argmin over V:  Σ_i ℓ(V g(x_i; w⁰), y_i) + ½‖V‖²     over the shots      (1)
/// (V, w) = argmin from (V, w⁰):  Σ_i ℓ(V g(x_i; w), y_i)   over the shots      (2)
/// ```
///
/// g are the features before the last layer, V the last layer. From a random V, the first steps
/// of (2) would bend g to fit it; from (1) they have little to do.
///
/// - Complexity: fine-tuning's, and a logistic regression.
/// - Deviations: (1) is a ridged logistic regression, solved; the paper takes SGD or the same.
public struct ProbeThenTune: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "lp-ft", title: "Linear probing, then fine-tuning", family: .fineTuning,
    paper: "kumar-2022-lp-ft")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "trunkRate", \.budget.trunkRate, in: 0...1, grid: [0.01, 0.1, 1],
      help: "What the rate of the layers before the head is multiplied by."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Fits the probe, then tunes from it.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let run = try FineTuningRun(
      learner, source: source, shots: shots, budget: budget, key: key)
    try tune(run)
    return run.classifier
  }

  /// Tunes the network.
  func tune(_ run: FineTuningRun) throws(MethodError) {
    try run.probeHead()  // (1)
    run.tune()  // (2)
  }
}
