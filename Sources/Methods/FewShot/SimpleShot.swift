public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Nearest class mean of the shots after centring by the source and scaling to unit length.
///
/// Y. Wang, W.-L. Chao, K. Q. Weinberger, L. van der Maaten. "SimpleShot: Revisiting
/// Nearest-Neighbor Classification for Few-Shot Learning." arXiv:1911.04623, 2019. See
/// `papers/wang-2019-simpleshot.md`.
///
/// ```
/// z = (x − μ_S) / ‖x − μ_S‖                                              (1)
/// m_c = mean of z over the shots of class c                              (2)
/// ŷ = argmin over c:  ‖z − m_c‖                                           (3)
/// ```
///
/// μ_S is the source's mean: of the features, or of their principal components.
///
/// - Complexity: O(n d), and the source's principal components where asked for.
/// - Deviations: features are raw or principal components, not those of a network. The class
///   probabilities, which the paper doesn't have, are the softmax of −‖z − m_c‖².
public struct SimpleShot: InductiveMethod {
  /// The paper's three treatments of the features.
  public enum Normalization: String, ParameterChoice {
    /// None (the paper's UN).
    case none
    /// Unit length (L2N).
    case length
    /// Centring, then unit length (CL2N).
    case centredLength = "centred-length"
  }

  /// What is done to the features.
  public var normalization = Normalization.centredLength
  /// The source's principal components taken as features; 0 takes the raw ones.
  public var components = 0

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "simpleshot", title: "SimpleShot", family: .fewShot, paper: "wang-2019-simpleshot")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("normalization", \.normalization, help: "Treatment of the features: UN, L2N or CL2N."),
    .integer(
      "components", \.components, in: 0...10_000, grid: [0, 10, 20, 50, 100],
      help: "Principal components of the source; 0 keeps the raw features."),
  ]

  /// The reference is the nearest class mean too.
  public static let referenceAssignments = [
    Assignment("learner", .choice(LearnerChoice.nearestMean.rawValue))
  ]

  /// Computes the shots' class means.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let extract = try SourceFeatures(source.features, components: components)
    let centre = extract(source.features).columnMeans
    let normalization = normalization
    let normalize: @Sendable (Matrix<Double>) -> Matrix<Double> = { features in
      switch normalization {
      case .none: extract(features)
      case .length: extract(features).rowsNormalized
      case .centredLength: extract(features).subtracting(row: centre).rowsNormalized  // (1)
      }
    }
    let means = try LearnerChoice.nearestMean.fit(
      shots.with(features: normalize(shots.features)), key: key.child("learner"))  // (2)
    return MappedClassifier(means, map: normalize)  // (3)
  }
}
