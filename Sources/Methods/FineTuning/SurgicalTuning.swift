public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Surgical fine-tuning: one block alone is tuned, the one that the shots press most.
///
/// Y. Lee et al. "Surgical Fine-Tuning Improves Adaptation to Distribution Shifts." ICLR 2023. See
/// `papers/lee-2023-surgical.md`.
///
/// ```
/// r_b = ‖∂L/∂w_b‖ / ‖w_b‖,   L the loss of the shots at w⁰                     (1)
/// b = argmax over b:  r_b,   and only w_b is tuned                             (2)
/// ```
///
/// A block is a layer or a stage, or the head; its norms are those of its kernels. The head begins
/// as the source's: the classes are the same, and the shift decides which block is pressed.
///
/// - Complexity: fine-tuning's, less the gradients of the other blocks.
/// - Deviations: Auto-RGN gives each tensor a rate by r; here the block of the largest r is tuned.
public struct SurgicalTuning: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// The block to tune, counted from 1 at the input; 0 chooses by (1).
  public var block = 0
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "surgical", title: "Surgical fine-tuning", family: .fineTuning,
    paper: "lee-2023-surgical")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .integer(
      "block", \.block, in: 0...1000, grid: [0, 1, 2],
      help: "Block tuned, from the input on; 0 takes that of the largest gradient."),
    .real(
      "trunkRate", \.budget.trunkRate, in: 0...1, grid: [0.01, 0.1, 1],
      help: "What the rate of the layers before the head is multiplied by."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Chooses the block and tunes it.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let run = try FineTuningRun(
      learner, source: source, shots: shots, head: .source, budget: budget, key: key)
    try tune(run)
    return run.classifier
  }

  /// Tunes the network.
  func tune(_ run: FineTuningRun) throws(MethodError) {
    // A class that the source lacks has no head to begin with.
    if run.classes != run.start.classes { try run.probeHead() }
    let chosen = Set(choice(run).weights.map(\.name))
    run.tune(training: { chosen.contains($0.name) })  // (2)
  }

  /// The block to tune.
  func choice(_ run: FineTuningRun) -> WeightBlock {
    let head = WeightBlock(
      name: run.headName, weights: run.weights.all.filter { run.isHead($0) })
    let blocks = run.blocks + [head]
    guard block == 0 else { return blocks[min(block, blocks.count) - 1] }
    var ratios: [Double] = []
    run.probe { loss, gradients in
      _ = loss()
      gradients()
      ratios = blocks.map { block in
        let weight = Self.norm(block.kernels.map(\.tensor))
        return weight > 0 ? Self.norm(block.kernels.map(\.gradientTensor)) / weight : 0  // (1)
      }
    }
    let best = ratios.indices.max { ratios[$0] < ratios[$1] } ?? 0  // (2)
    return blocks[best]
  }

  private static func norm(_ tensors: [Tensor]) -> Double {
    tensors.reduce(0.0) { $0 + $1.values.reduce(0.0) { $0 + Double($1) * Double($1) } }
      .squareRoot()
  }
}
