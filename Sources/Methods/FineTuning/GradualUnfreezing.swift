public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Gradual unfreezing: blocks are thawed one after another, from the last to the first.
///
/// J. Howard, S. Ruder. "Universal Language Model Fine-tuning for Text Classification." ACL 2018. See
/// `papers/howard-2018-gradual-unfreezing.md`.
///
/// ```
/// stage s tunes the head and the last s blocks,   s = 0 … L                    (1)
/// η_(l−1) = η_l / 2.6                                                          (2)
/// η_t = η (1 + p (r − 1)) / r,   p rising to 1 at `cut`, then falling to 0      (3)
/// ```
///
/// (2) are discriminative rates: the head has η, the block before it η / 2.6 and so on. (3) is the
/// slanted triangular schedule, r = 32.
///
/// - Complexity: fine-tuning's; all stages together have its steps.
/// - Deviations: the stages share the steps equally; a stage has a triangle of its own.
public struct GradualUnfreezing: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// What divides the rate from a block to the one before it.
  public var division = 2.6
  /// The share of a stage's steps in which the rate rises.
  public var cut = 0.1
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "gradual-unfreezing", title: "Gradual unfreezing", family: .fineTuning,
    paper: "howard-2018-gradual-unfreezing")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "division", \.division, in: 1...100, grid: [1, 2.6, 10],
      help: "What divides the rate from a block to the one before it."),
    .real(
      "cut", \.cut, in: 0.001...0.999, grid: [0.1, 0.3],
      help: "Share of a stage's steps in which the rate rises."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Thaws and tunes, stage after stage.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let run = try FineTuningRun(
      learner, source: source, shots: shots, budget: budget, key: key)
    unfreeze(run)
    return run.classifier
  }

  /// Runs all stages; `isDone` is told the number of each when it is over.
  func unfreeze(_ run: FineTuningRun, isDone: (Int) -> Void = { _ in }) {
    let blocks = run.blocks
    var rate = 1.0
    var groups = [ParameterGroup(prefix: run.headName + ".")]
    for block in blocks.reversed() {
      rate /= division  // (2)
      groups += block.weights.map { ParameterGroup(prefix: $0.name, rate: Float(rate)) }
    }
    for stage in 0...blocks.count {
      let thawed = Set(blocks.suffix(stage).flatMap { $0.weights.map(\.name) })  // (1)
      let share = run.steps / (blocks.count + 1)
      run.tune(
        stage: stage, steps: stage < blocks.count ? share : run.steps - share * blocks.count,
        schedule: .slantedTriangular(cut: cut), groups: groups,  // (3)
        training: { run.isHead($0) || thawed.contains($0.name) })
      isDone(stage)
    }
  }
}
