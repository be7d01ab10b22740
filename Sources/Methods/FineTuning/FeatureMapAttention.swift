public import Domains
import Glibc
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// DELTA: fine-tuning that keeps the feature maps that matter.
///
/// X. Li et al. "DELTA: Deep Learning Transfer using Feature Map with Attention for Convolutional
/// Networks." ICLR 2019. See `papers/li-2019-delta.md`.
///
/// ```
/// minimise over w:  mean ℓ(f(x_i; w), y_i) + α Ω + β/2 ‖w_head‖²                 (1)
/// Ω = mean_i ½ Σ_j Σ_c C_j W_jc ‖FM_jc(x_i; w) − FM_jc(x_i; w⁰)‖² / size_j        (2)
/// W_j = softmax((d_j − mean d_j) / (5 sd d_j))                                  (3)
/// d_jc = ℓ without channel c of layer j − ℓ,   under a probe on w⁰              (4)
/// ```
///
/// FM_jc is channel c of layer j, of C_j, `size_j` pixels each. (4) is measured on a batch of the
/// shots, with a logistic regression as the head; a channel is taken away by setting its kernel to
/// 0.
///
/// - Complexity: fine-tuning's, a pass of w⁰, and a forward pass for each channel.
/// - Deviations: Ω is a mean over the batch, as the paper's objective says; the authors' code sums.
public struct FeatureMapAttention: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// α.
  public var strength = 0.01
  /// β.
  public var headDecay = 0.01
  /// The last layers of so many blocks are kept near.
  public var layers = 4
  /// Whether channels weigh by their effect, or all alike.
  public var hasAttention = true
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "delta", title: "DELTA", family: .fineTuning,
    paper: "li-2019-delta")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "strength", \.strength, in: 0...1000, grid: [0.01, 0.1, 1],
      help: "α, the pull towards the source's feature maps."),
    .real(
      "headDecay", \.headDecay, in: 0...100, grid: [0, 0.01, 0.1],
      help: "β, the weight decay of the new head."),
    .integer(
      "layers", \.layers, in: 1...1000, grid: [1, 2, 4],
      help: "From how many blocks, from the head down, the last layer's map is kept."),
    .flag(
      "attention", \.hasAttention, help: "Whether channels weigh by their effect on the loss."),
    .real(
      "trunkRate", \.budget.trunkRate, in: 0...1, grid: [0.01, 0.1, 1],
      help: "What the rate of the layers before the head is multiplied by."),
    .integer("epochs", \.budget.epochs, in: 1...10_000, help: "Passes over the shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Weighs the channels, then tunes under the pull.
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
    let kernels = run.blocks.suffix(layers).compactMap(\.kernels.last)
    let weights = hasAttention ? try attention(run, kernels) : kernels.map { _ in nil }
    let maps = run.sourceOutputs(atKernels: kernels.map(\.name))
    let groups = [
      ParameterGroup(prefix: "", rate: Float(budget.trunkRate), decay: 0),
      ParameterGroup(prefix: run.headName + "."),
    ]
    run.tune(
      decay: headDecay, groups: groups,
      loss: { step in
        var loss = step.crossEntropy  // (1)
        for (place, kernel) in kernels.enumerated() {
          guard let output = step.tape.output(of: kernel) else { continue }
          let channels = kernel.shape[0]
          let shares = weights[place] ?? Array(repeating: 1 / Double(channels), count: channels)
          let size = output.shape.dropFirst().dropLast().reduce(1, *)
          let factor = strength * Double(channels) / Double(2 * size * run.batch)
          loss =
            loss
            + output.channelDistance(
              from: step.input(maps[place]), weights: shares.map { Float(factor * $0) })  // (2)
        }
        return loss
      })
  }

  /// W_j of each layer.
  func attention(
    _ run: FineTuningRun, _ kernels: [Weight]
  ) throws(MethodError) -> [[Double]?] {
    let head = run.weights.snapshot
    try run.probeHead()
    var effects: [[Double]] = []
    run.probe { loss, _ in
      let whole = loss()
      for kernel in kernels {
        let tensor = kernel.tensor
        let width = tensor.values.count / kernel.shape[0]
        effects.append(
          (0..<kernel.shape[0]).map { channel in
            var without = tensor
            for place in channel * width..<(channel + 1) * width { without.values[place] = 0 }
            kernel.tensor = without
            return Double(loss() - whole)  // (4)
          })
        kernel.tensor = tensor
      }
    }
    run.weights.snapshot = head
    return effects.map { Self.shares($0) }
  }

  /// The shares of channels with these effects.
  static func shares(_ effects: [Double]) -> [Double] {
    let column = Matrix(rows: effects.count, columns: 1, elements: effects)
    let (mean, deviation) = (column.columnMeans[0], column.columnStandardDeviations[0])
    let scores = effects.map { deviation > 0 ? ($0 - mean) / deviation / 5 : 0 }
    let masses = scores.map { exp($0) }
    let total = masses.reduce(0, +)
    return masses.map { $0 / total }  // (3)
  }
}
