public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// CCSA: samples of one class are drawn together across the domains, those of two pushed apart.
///
/// S. Motiian, M. Piccirilli, D. A. Adjeroh, G. Doretto. "Unified Deep Supervised Domain Adaptation
/// and Generalization." ICCV 2017. See `papers/motiian-2017-ccsa.md`.
///
/// ```
/// L_SA = mean of ½ ‖g(x_S) − g(x_T)‖² over pairs of one class                      (1)
/// L_S = mean of ½ max(0, m − ‖g(x_S) − g(x_T)‖)² over pairs of two classes         (2)
/// minimise over g, h:  (1 − γ) mean ℓ(h(g(x)), y) + γ (L_SA + L_S)                 (3)
/// ```
///
/// g are the features before the last layer h, ℓ the cross-entropy over source and shots. The pairs
/// of a step are all between a batch of the source and one of the shots.
///
/// - Complexity: a step of the network on two batches, and O(b² d) for the pairs of b samples.
/// - Deviations: begins as the source trained the network; all pairs of a step, where the authors draw
///   three of two classes for each of one; SGD in place of Adadelta.
public struct SemanticAlignment: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// γ.
  public var tradeOff = 0.5
  /// m.
  public var margin = 1.0
  /// Whether the network begins as the source trained it, or untrained.
  public var isPretrained = true
  /// How long and how fast it is tuned.
  public var budget = FineTuningBudget()

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "ccsa", title: "Contrastive semantic alignment", family: .fewShot,
    paper: "motiian-2017-ccsa")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that is tuned."),
    .real(
      "tradeOff", \.tradeOff, in: 0...1, grid: [0.1, 0.25, 0.5, 0.75],
      help: "γ, the share of alignment and separation in the loss."),
    .real(
      "margin", \.margin, in: 0...1000, grid: [1, 5],
      help: "m, the distance up to which samples of two classes are pushed apart."),
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

  /// Tunes the network on source and shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let joint = try JointTuning(
      learner, isPretrained: isPretrained, source: source, shots: shots, budget: budget, key: key)
    tune(joint)
    return joint.run.classifier
  }

  /// Tunes the network.
  func tune(_ joint: JointTuning) {
    let logits = learner.backbone.head(
      on: joint.labelled, classes: joint.run.classes.count, in: joint.scope)
    let contrast = joint.source.squaredDistances(toRowsOf: joint.shots)
      .contrastiveLoss(classes: joint.labels, margin: Float(margin))  // (1), (2)
    joint.tune(
      minimizing: logits.crossEntropy(joint.labels).scaled(by: Float(1 - tradeOff))
        + contrast.scaled(by: Float(tradeOff)))  // (3)
  }
}
