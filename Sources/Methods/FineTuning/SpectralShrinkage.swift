public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Batch spectral shrinkage: fine-tuning that gives up the weakest directions of its features.
///
/// X. Chen, S. Wang, B. Fu, M. Long, J. Wang. "Catastrophic Forgetting Meets Negative Transfer: Batch
/// Spectral Shrinkage for Safe Transfer Learning." NeurIPS 2019. See `papers/chen-2019-bss.md`.
///
/// ```
/// minimise over w:  mean ℓ(f(x_i; w), y_i) + η Σ_(i≤k) σ²_(−i)                   (1)
/// F = U Σ Vᵀ,   F the features of a batch, b × d                               (2)
/// ```
///
/// σ_(−i) is the i-th smallest singular value. The directions of small singular values carry over
/// worst, says the paper; (1) makes them smaller still.
///
/// - Complexity: fine-tuning's, and O(b² d + b³) a step.
/// - Deviations: none.
public struct SpectralShrinkage: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// η.
  public var strength = 1e-3
  /// k.
  public var count = 1
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "bss", title: "Batch spectral shrinkage", family: .fineTuning,
    paper: "chen-2019-bss")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "strength", \.strength, in: 0...100, grid: [1e-4, 1e-3, 1e-2],
      help: "η, the weight of the smallest singular values."),
    .integer(
      "count", \.count, in: 1...1000, grid: [1, 2, 4], help: "k, the singular values penalised."),
    .real(
      "trunkRate", \.budget.trunkRate, in: 0...1, grid: [0.01, 0.1, 1],
      help: "What the rate of the layers before the head is multiplied by."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Tunes the source's network under the penalty.
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
    run.tune(loss: { step in
      let shrinkage = step.features.smallestSingularValues(count)  // (2)
      return step.crossEntropy + shrinkage.scaled(by: Float(strength))  // (1)
    })
  }
}
