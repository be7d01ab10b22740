public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// A backbone that learnt nothing: random features, and a head on the shots.
///
/// A. Rahimi, B. Recht. "Random Features for Large-Scale Kernel Machines." NIPS 2007, for (3).
/// The control of every claim that features were transferred. See
/// `papers/rahimi-2007-random-features.md`.
///
/// ```
/// z = (x − μ_S) / σ_S                                                    (1)
/// relu:     h = max(0, zᵀw),              w ~ N(0, 2/d · I)               (2)
/// fourier:  h = √2 cos(zᵀw + b),   w ~ N(0, 2γ/d · I),  b ~ U(0, 2π)      (3)
/// ```
///
/// μ_S, σ_S are the source's means and standard deviations: all that it contributes. Every
/// feature has a mean square near 1. hᵀh' / width of (3) estimates exp(−γ‖z − z'‖²/d).
///
/// - Complexity: O(n d · width).
/// - Deviations: the factor 1/√width is left out, so that the head's penalty weighs as it does
///   on standardised features.
public struct RandomFeatures: InductiveMethod {
  /// What is computed of a random projection.
  public enum Activation: String, ParameterChoice {
    case relu, fourier
  }

  /// How many features.
  public var width = 256
  /// What they are.
  public var activation = Activation.relu
  /// γ.
  public var gamma = 1.0
  /// The head.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "random-features", title: "Random features", family: .featureExtraction,
    paper: "rahimi-2007-random-features")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "width", \.width, in: 1...100_000, grid: [64, 256, 1024], help: "How many features."),
    .choice("activation", \.activation, help: "Rectified or Fourier features."),
    .real(
      "gamma", \.gamma, in: 1e-6...1e6, grid: [0.1, 1, 10],
      help: "γ, the width of the kernel that Fourier features estimate; unused otherwise."),
    .choice("learner", \.learner, help: "Head fitted on the shots' features."),
  ]

  /// Draws the features and fits the head on the shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let layer = RandomLayer(
      source: source.features, width: width, activation: activation, gamma: gamma,
      key: key.child("backbone"))
    let head = try learner.fit(
      shots.with(features: layer.features(of: shots.features)), key: key.child("learner"))
    return MappedClassifier(head) { layer.features(of: $0) }
  }
}

/// One layer with random weights.
struct RandomLayer: Sendable {
  private let means: [Double]
  private let scales: [Double]
  private let weights: Matrix<Double>
  private let offsets: [Double]
  private let activation: RandomFeatures.Activation

  init(
    source: Matrix<Double>, width: Int, activation: RandomFeatures.Activation, gamma: Double,
    key: RandomKey
  ) {
    let dimensions = source.columns
    means = source.columnMeans
    scales = source.columnStandardDeviations.map { $0 > 0 ? 1 / $0 : 1 }
    var stream = RandomStream(key)
    let spread = 2 * (activation == .relu ? 1 : gamma) / Double(max(dimensions, 1))
    weights = Matrix(
      rows: dimensions, columns: width,
      elements: (0..<dimensions * width).map { _ in stream.normal() * spread.squareRoot() })
    offsets =
      activation == .relu
      ? Array(repeating: 0, count: width)
      : (0..<width).map { _ in stream.uniform(in: 0..<2 * .pi) }
    self.activation = activation
  }

  /// The features of samples, n × width.
  func features(of samples: Matrix<Double>) -> Matrix<Double> {
    let standardized = samples.subtracting(row: means).scaled(columns: scales)  // (1)
    let projected = (standardized * weights).adding(row: offsets)
    return switch activation {
    case .relu: projected.map { max(0, $0) }  // (2)
    case .fourier: projected.map { 2.0.squareRoot() * cos($0) }  // (3)
    }
  }
}
