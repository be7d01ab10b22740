public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// A learner on the frozen features of the source's network.
///
/// J. Donahue et al. "DeCAF: A Deep Convolutional Activation Feature for Generic Visual
/// Recognition." ICML 2014. See `papers/donahue-2014-decaf.md`.
///
/// ```
/// w⁰ = argmin over w:  Σ_i ℓ(f(x_i; w), y_i)   over the source                 (1)
/// z = g(x; w⁰)                                                                 (2)
/// ```
///
/// g are the features before the last layer, or the outputs of a layer further down, before its
/// activation; those of a convolution are averaged over the image. The probe is fitted on the shots'
/// z alone.
///
/// - Complexity: the network's on the source, a pass over the shots, and the probe's.
/// - Deviations: none.
public struct LinearProbe: InductiveMethod {
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
    id: "linear-probe", title: "Linear probe", family: .featureExtraction,
    paper: "donahue-2014-decaf")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .choice("probe", \.probe, help: "Learner fitted on the features of the shots."),
    .text(
      "layer", \.layer,
      help: "Layer whose outputs are taken; last for the features before the head."),
  ]

  /// Trains the source's network, then fits the probe.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let features = try FrozenFeatures(source.pretrained(learner), layer: layer)  // (1)
    return try features.classifier(probe, shots, key: key)
  }
}

/// The learners that frozen features are probed with: those that are no networks.
public enum ProbeChoice: String, ParameterChoice {
  case logisticRegression = "logistic-regression"
  case oneNearestNeighbour = "1-nn"
  case nearestNeighbours = "k-nn"
  case linearSVM = "linear-svm"
  case kernelSVM = "rbf-svm"
  case nearestMean = "nearest-mean"

  /// The learner.
  var learner: LearnerChoice {
    switch self {
    case .logisticRegression: .logisticRegression
    case .oneNearestNeighbour: .oneNearestNeighbour
    case .nearestNeighbours: .nearestNeighbours
    case .linearSVM: .linearSVM
    case .kernelSVM: .kernelSVM
    case .nearestMean: .nearestMean
    }
  }
}

/// Features of a network that is no longer trained.
struct FrozenFeatures: Sendable {
  /// What stands for the features before the head, in place of a layer's name.
  static let last = "last"
  private let network: NetworkClassifier
  /// The kernel whose layer's outputs they are; nil for the features before the last layer.
  private let kernel: String?

  /// The outputs of a layer, before its activation, or the features before the head.
  init(_ network: NetworkClassifier, layer: String = last) throws(MethodError) {
    self.network = network
    kernel = layer == Self.last ? nil : try network.kernel(ofLayer: layer)
  }

  /// z of n samples, n × k.
  func callAsFunction(_ samples: Matrix<Double>) -> Matrix<Double> {
    guard let kernel else { return network.features(of: samples) }  // (2)
    return network.outputs(of: samples, atKernels: [kernel])[0].channelMeans
  }

  /// A learner fitted on z of the shots.
  func classifier(
    _ probe: ProbeChoice, _ shots: LabelledSample, key: RandomKey
  ) throws(MethodError) -> MappedClassifier {
    let head = try probe.learner.fit(
      shots.with(features: self(shots.features)), key: key.child("probe"))
    return MappedClassifier(head) { self($0) }
  }
}

extension Tensor {
  /// Of n images, or rows, with channels last: the mean of each channel, n × channels.
  var channelMeans: Matrix<Double> {
    let channels = shape[shape.count - 1]
    let places = shape.dropFirst().dropLast().reduce(1, *)
    var result = Matrix<Double>(rows: shape[0], columns: channels)
    for row in 0..<shape[0] {
      for place in 0..<places {
        let first = (row * places + place) * channels
        for channel in 0..<channels {
          result[row, channel] += Double(values[first + channel]) / Double(places)
        }
      }
    }
    return result
  }
}
