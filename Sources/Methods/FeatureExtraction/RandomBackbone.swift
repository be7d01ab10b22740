public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// A learner on the features of a network that nothing trained: the control of `linear-probe`.
///
/// What a network's shape and its input give without any source label. See
/// `papers/donahue-2014-decaf.md`.
///
/// ```
/// z = g(x; w),   w as a network begins                                         (1)
/// ```
///
/// The source decides how samples become the network's input, and nothing else.
///
/// - Complexity: a pass over the shots, and the probe's.
/// - Deviations: none.
public struct RandomBackbone: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// What is fitted on its features.
  public var probe = ProbeChoice.logisticRegression
  /// The layer whose outputs are the features; `last` for those before the head.
  public var layer = FrozenFeatures.last

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "random-backbone", title: "Untrained network", family: .featureExtraction,
    paper: "donahue-2014-decaf")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that stays untrained."),
    .choice("probe", \.probe, help: "Learner fitted on the features of the shots."),
    .text(
      "layer", \.layer,
      help: "Layer whose outputs are taken; last for the features before the head."),
  ]

  /// Draws the network, then fits the probe.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let input = try MethodError.learning { () throws(LearnerError) in
      try NetworkInput(learner, fittedTo: source.features)
    }
    let network = NetworkClassifier.untrained(
      learner, input: input, key: key.child("backbone"))  // (1)
    return try FrozenFeatures(network, layer: layer).classifier(probe, shots, key: key)
  }
}
