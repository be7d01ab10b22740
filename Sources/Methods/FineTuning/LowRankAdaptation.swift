public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// LoRA: kernels are tuned by products of low rank.
///
/// E. J. Hu et al. "LoRA: Low-Rank Adaptation of Large Language Models." ICLR 2022. See
/// `papers/hu-2022-lora.md`.
///
/// ```
/// W = W⁰ + (α / r) B A                                                         (1)
/// A ~ U(−1/√d, 1/√d) at first,   B = 0                                         (2)
/// ```
///
/// W⁰ has d inputs to each output, A is r × d and B outputs × r. Only A, B and the head are tuned;
/// afterwards (1) is worked out, so that use costs nothing more.
///
/// - Complexity: fine-tuning's, and O(r) a weight.
/// - Deviations: every kernel before the head is adapted, convolutions as outputs × the rest.
public struct LowRankAdaptation: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// r.
  public var rank = 4
  /// α.
  public var scale = 8.0
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "lora", title: "LoRA", family: .fineTuning,
    paper: "hu-2022-lora")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .integer(
      "rank", \.rank, in: 1...1000, grid: [1, 4, 16],
      help: "r, the rank; at most a kernel's own."),
    .real("scale", \.scale, in: 0...1000, grid: [4, 8, 16], help: "α, over r times B A."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Tunes the products, then adds them to the kernels.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let run = try FineTuningRun(
      learner, source: source, shots: shots, budget: budget, key: key)
    adapt(run)
    return run.classifier
  }

  /// Tunes and merges; returns how many numbers were tuned.
  @discardableResult
  func adapt(_ run: FineTuningRun) -> Int {
    let kernels = run.trunk.filter { $0.role == .kernel }
    let factor = Float(scale / Double(rank))
    run.tune(
      groups: [], training: { run.isHead($0) },
      prepare: { tape in
        for kernel in kernels {
          let most = min(kernel.shape[0], kernel.shape.dropFirst().reduce(1, *))
          tape.addLowRank(
            to: kernel, in: run.weights, rank: min(rank, most), factor: factor)  // (2)
        }
      })
    let tuned = run.weights.all.filter { $0.role != .statistic && !$0.isFrozen }
    for kernel in kernels { Self.merge(kernel, in: run.weights, factor: factor) }
    return tuned.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// Adds the product to its kernel.
  private static func merge(_ kernel: Weight, in weights: Weights, factor: Float) {
    let layer = kernel.name.split(separator: ".").dropLast().joined(separator: ".")
    guard let left = weights[layer + ".lora_B"]?.tensor,
      let right = weights[layer + ".lora_A"]?.tensor
    else { return }
    let product =
      Matrix(rows: left.shape[0], columns: left.shape[1], elements: left.values)
      * Matrix(rows: right.shape[0], columns: right.shape[1], elements: right.values)
    var tensor = kernel.tensor
    for place in tensor.values.indices { tensor.values[place] += factor * product.elements[place] }
    kernel.tensor = tensor  // (1)
  }
}
