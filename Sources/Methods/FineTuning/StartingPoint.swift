public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// L²-SP: fine-tuning that is pulled towards its starting point.
///
/// X. Li, Y. Grandvalet, F. Davoine. "Explicit Inductive Bias for Transfer Learning with Convolutional
/// Networks." ICML 2018. See `papers/li-2018-l2-sp.md`.
///
/// ```
/// minimise over w:  mean ℓ(f(x_i; w), y_i) + α/2 ‖w_S − w⁰_S‖² + β/2 ‖w_S̄‖²       (1)
/// ```
///
/// w_S are the weights that the source's network has, w_S̄ those of the new head. There is no other
/// weight decay.
///
/// - Complexity: fine-tuning's.
/// - Deviations: scales and offsets of normalisations are pulled too.
public struct StartingPoint: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// α.
  public var strength = 0.1
  /// β.
  public var headDecay = 0.01
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "l2-sp", title: "L²-SP", family: .fineTuning,
    paper: "li-2018-l2-sp")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "strength", \.strength, in: 0...100, grid: [0.01, 0.1, 1],
      help: "α, the pull towards the source's weights."),
    .real(
      "headDecay", \.headDecay, in: 0...100, grid: [0, 0.01, 0.1],
      help: "β, the weight decay of the new head."),
    .real(
      "trunkRate", \.budget.trunkRate, in: 0...1, grid: [0.01, 0.1, 1],
      help: "What the rate of the layers before the head is multiplied by."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Tunes the source's network under the pull.
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
    let groups = [
      ParameterGroup(prefix: "", rate: Float(budget.trunkRate), decay: 0),
      ParameterGroup(prefix: run.headName + "."),
    ]
    run.tune(
      decay: headDecay, groups: groups,
      loss: { step in
        // (1)
        guard let distance = step.tape.squaredDistance(of: run.trunk, from: run.start.trunk) else {
          return step.crossEntropy
        }
        return step.crossEntropy + distance.scaled(by: Float(strength / 2))
      })
  }
}
