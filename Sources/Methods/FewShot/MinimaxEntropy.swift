public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Minimax entropy: class directions move towards the target's samples, features towards the directions.
///
/// K. Saito, D. Kim, S. Sclaroff, T. Darrell, K. Saenko. "Semi-Supervised Domain Adaptation via
/// Minimax Entropy." ICCV 2019. See `papers/saito-2019-mme.md`.
///
/// ```
/// p(x) = softmax(W f(x) / (T ‖f(x)‖))                                              (1)
/// L = mean −log p_y(x) over batches of the source and the shots                    (2)
/// H = mean −Σ_c p_c(x) log p_c(x) over a batch of unlabelled target samples        (3)
/// f ← argmin L + λ H,   W ← argmin L − λ H                                         (4)
/// ```
///
/// One pass does both of (4): the gradient of −λ H is reversed between W and f.
///
/// - Complexity: a step of the network on three batches.
/// - Deviations: begins as the source trained the network; one step for L and H together, where the
///   authors' program takes two; no Nesterov momentum, a constant rate.
public struct MinimaxEntropy: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// λ.
  public var tradeOff = 0.1
  /// T.
  public var temperature = 0.05
  /// Whether the network begins as the source trained it, or untrained.
  public var isPretrained = true
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "mme", title: "Minimax entropy", family: .fewShot, paper: "saito-2019-mme")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that is tuned."),
    .real(
      "tradeOff", \.tradeOff, in: 0...100, grid: [0.01, 0.1, 0.3],
      help: "λ, the weight of the entropy."),
    .real(
      "temperature", \.temperature, in: 0.001...100, grid: [0.05, 0.1, 0.5],
      help: "T, what products with class directions are divided by."),
    .flag(
      "pretrained", \.isPretrained,
      help: "Whether the network begins as the source trained it, or untrained."),
    .real(
      "trunkRate", \.budget.trunkRate, in: 0...1, grid: [0.01, 0.1, 1],
      help: "What the rate of the layers before the head is multiplied by."),
    .integer(
      "epochs", \.budget.epochs, in: 1...10_000, help: "Passes over source and shots."),
    .real(
      "rate", \.budget.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2],
      help: "Learning rate of the head."),
  ]

  /// Tunes the network on source, shots and unlabelled samples.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    guard unlabelled.features.isFinite else { throw .learner(.notFinite) }
    let joint = try JointTuning(
      learner, isPretrained: isPretrained, head: .new, source: source, shots: shots,
      unlabelled: unlabelled, budget: budget, key: key)
    return tune(joint)
  }

  /// Tunes the network; returns its classifier (1).
  func tune(_ joint: JointTuning) -> MappedClassifier {
    let head = learner.backbone.headName
    let classes = joint.run.classes
    func logits(_ features: Variable) -> Variable {
      features.rowsNormalized()
        .dense(joint.scope(head), classes.count, hasBias: false)
        .scaled(by: Float(1 / temperature))  // (1)
    }
    for weight in joint.run.weights.all where joint.run.isHead(weight) {
      weight.isFrozen = weight.role == .bias
    }
    var loss = logits(joint.labelled).crossEntropy(joint.labels)  // (2)
    if let unlabelled = joint.unlabelled {
      let entropy = logits(unlabelled.reversingGradient(Coefficient(1))).entropy()  // (3)
      loss = loss + entropy.scaled(by: Float(-tradeOff))  // (4)
    }
    joint.tune(minimizing: loss)
    return classifier(joint.run)
  }

  private func classifier(_ run: FineTuningRun) -> MappedClassifier {
    let network = run.classifier
    let kernel = run.weights.all.filter { run.isHead($0) && $0.role == .kernel }
      .flatMap(\.tensor.values)
    let directions = Matrix(
      rows: run.classes.count, columns: kernel.count / run.classes.count,
      elements: kernel.map { Double($0) / temperature })
    let head = LinearClassifier(
      weights: directions.transposed
        .spreading(columns: run.classes, over: network.classCount, filling: 0).transposed,
      intercepts: Array(repeating: 0, count: network.classCount), classes: run.classes)
    return MappedClassifier(head) { network.features(of: $0).rowsNormalized }  // (1)
  }
}
