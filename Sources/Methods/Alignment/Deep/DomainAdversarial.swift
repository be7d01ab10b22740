public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Domain-adversarial training: features that classify the source and don't tell the domains apart.
///
/// Y. Ganin et al. "Domain-Adversarial Training of Neural Networks." JMLR 17, 2016. See
/// `papers/ganin-2016-dann.md`.
///
/// ```
/// min over f, y, max over d:  L_y(y(f(x_S)), labels) − λ L_d(d(f(x)), domain)          (1)
/// R(x) = x,   ∂R/∂x = −λ I      gradient reversal                                      (2)
/// λ = λ_max (2 / (1 + exp(−10 p)) − 1),   p the progress from 0 to 1                   (3)
/// η = η₀ / (1 + 10 p)^0.75                                                             (4)
/// ```
///
/// L_y and L_d are cross-entropies. Each step takes a batch of the source and one of the target
/// through the same network f.
///
/// - Complexity: a step of the network on two batches, and of the domain classifier.
/// - Deviations: the domain classifier has two hidden layers of `width` for every network, where
///   the paper has one or two by data set; classifier and features share the rate (4).
public struct DomainAdversarial: TransductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// λ_max.
  public var tradeOff = 1.0
  /// Whether λ grows by (3), or is λ_max from the start.
  public var isAnnealed = true
  /// The hidden features of the domain classifier.
  public var width = 256
  /// Passes over the larger domain's samples.
  public var epochs = NetworkTraining().epochs
  /// η₀.
  public var rate = NetworkTraining().rate

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "dann", title: "Domain-adversarial training", family: .alignment(.deep),
    paper: "ganin-2016-dann")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network whose features are aligned."),
    .real(
      "tradeOff", \.tradeOff, in: 0...100, grid: [0.1, 0.3, 1], help: "λ at the end of training."),
    .flag("annealed", \.isAnnealed, help: "Whether λ grows from 0."),
    .integer("width", \.width, in: 1...4096, help: "Hidden features of the domain classifier."),
    .integer("epochs", \.epochs, in: 1...10_000, help: "Passes over the larger domain."),
    .real("rate", \.rate, in: 1e-6...1, grid: [1e-3, 3e-3, 1e-2], help: "Learning rate η₀."),
  ]

  /// Trains the network and its adversary.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    var training = NetworkTraining()
    training.epochs = epochs
    let pair = try DeepPair(learner, source: source, target: target, training: training, key: key)
    let scope = Scope(pair.weights)
    let reversal = Coefficient(0)
    let features = learner.backbone.features(of: pair.samples, in: scope)
    let logits = learner.backbone.head(
      on: features.slice(0..<pair.batch, along: .first), classes: pair.classes.count, in: scope)
    let domains = domainLogits(features.reversingGradient(reversal), in: scope("domain"))
    let loss = logits.crossEntropy(pair.labels) + domains.crossEntropy(pair.domains)  // (1)
    let program = Program(minimizing: loss, team: pair.team)
    let optimizer = SGD(
      pair.weights, rate: Float(rate), momentum: Float(training.momentum),
      decay: Float(training.decay))
    pair.train(program, optimizer) { step, steps in
      let growth = isAnnealed ? Schedule.growth().factor(step: step, of: steps) : 1
      reversal.value = Float(tradeOff * growth)  // (3)
      optimizer.rate = Float(rate * Schedule.annealing().factor(step: step, of: steps))  // (4)
    }
    return pair.classifier
  }

  private func domainLogits(_ features: Variable, in scope: Scope) -> Variable {
    features.dense(scope("hidden0"), width).relu().dense(scope("hidden1"), width).relu()
      .dense(scope("output"), 2)
  }
}
