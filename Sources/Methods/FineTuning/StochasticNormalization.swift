public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Stochastic normalisation: batch normalisation by the batch or by the source, at random.
///
/// Z. Kou, K. You, M. Long, J. Wang. "Stochastic Normalization." NeurIPS 2020. See
/// `papers/kou-2020-stoch-norm.md`.
///
/// ```
/// x̂₀ = (x − μ̃) / √(σ̃² + ε),   x̂₁ = (x − μ) / √(σ² + ε)                          (1)
/// x̂ = (1 − s) x̂₀ + s x̂₁,   s ~ Bernoulli(p)   for each channel and step          (2)
/// ```
///
/// μ and σ² are the batch's statistics, μ̃ and σ̃² the running ones, which begin as the source's.
/// Use goes by the running ones. For networks with batch normalisation alone.
///
/// - Complexity: fine-tuning's.
/// - Deviations: none.
public struct StochasticNormalization: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.normalizedPerceptron
  /// p.
  public var share = 0.5
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "stoch-norm", title: "Stochastic normalisation", family: .fineTuning,
    paper: "kou-2020-stoch-norm")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "share", \.share, in: 0...1, grid: [0, 0.25, 0.5, 0.75, 1],
      help: "p, how often a channel takes the batch's statistics."),
    .real(
      "trunkRate", \.budget.trunkRate, in: 0...1, grid: [0.01, 0.1, 1],
      help: "What the rate of the layers before the head is multiplied by."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Tunes the source's network with the normalisation.
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
    guard run.weights.all.contains(where: { $0.role == .statistic }) else {
      throw .notApplicable(reason: "\(learner.rawValue) has no batch normalisation")
    }
    run.tune(prepare: { $0.batchStatisticsShare = Float(share) })  // (1), (2)
  }
}
