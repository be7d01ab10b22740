public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Correlation alignment: gives the source the target's covariance, then learns.
///
/// B. Sun, J. Feng, K. Saenko. "Return of Frustratingly Easy Domain Adaptation."
/// AAAI 2016. See `papers/sun-2016-coral.md`.
///
/// ```
/// minimise over A:  ‖Aᵀ C_S A − C_T‖²_F                                  (1)
/// A = (C_S + λI)^(−1/2) (C_T + λI)^(1/2)                                 (2)
/// x ↦ (x − μ_S) A + μ_T   for x in the source                            (3)
/// x ↦ x A                 without centring                              (4)
/// ```
///
/// C_S, C_T are the covariances of source and target (denominator n − 1), μ_S, μ_T their means.
/// Target samples are left as they are. (2) solves (1) for λ = 0.
///
/// - Complexity: O(n d min(n, d) + min(n, d)³) of each domain.
/// - Deviations: the means are aligned too, which the paper gets by standardising each domain.
///   (4) is the paper's algorithm as it is printed. With λ = 0 the inverse in (2) is the pseudoinverse, as in the paper's theorem.
public struct Coral: TransductiveMethod {
  /// λ.
  public var ridge = 1.0
  /// Whether the target's mean is met (3), or the samples are mapped as they are (4).
  public var isCentred = true
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "coral", title: "Correlation alignment", family: .alignment(.subspace),
    paper: "sun-2016-coral")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "ridge", \.ridge, in: 0...1e6, grid: [1e-3, 1e-2, 0.1, 1, 10],
      help: "λ, added to the diagonal of both covariances."),
    .flag(
      "centred", \.isCentred,
      help: "Whether the target's mean is met, or samples are mapped as they are."),
    .choice("learner", \.learner, help: "Classifier fitted on the recoloured source."),
  ]

  /// Recolours the source and fits the learner on it.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let recolour = try recolouring(of: source.features, as: target.features)
    return MappedClassifier(
      try learner.fit(
        source.with(features: recolour(source.features)), key: key.child("learner")),
      sourceMap: recolour)
  }

  /// The map that gives the source the target's mean and, as far as λ lets it, covariance.
  func recolouring(
    of source: Matrix<Double>, as target: Matrix<Double>
  ) throws(MethodError) -> @Sendable (Matrix<Double>) -> Matrix<Double> {
    let sourceAxes = try components(of: source)
    let targetAxes = try components(of: target)
    let floor = (sourceAxes.variances.first ?? 0) * Double(source.columns) * .ulpOfOne
    return { [ridge, isCentred] features in
      let whitened = sourceAxes.multiply(
        isCentred ? features.subtracting(row: sourceAxes.mean) : features, ridge: ridge
      ) { $0 > floor ? 1 / $0.squareRoot() : 0 }  // (2), left factor
      let coloured = targetAxes.multiply(whitened, ridge: ridge) { $0.squareRoot() }
      // (2), right factor
      return isCentred ? coloured.adding(row: targetAxes.mean) : coloured  // (3) (4)
    }
  }

  private func components(
    of features: Matrix<Double>
  ) throws(MethodError) -> PrincipalComponentsModel {
    try MethodError.learning { () throws(LearnerError) in
      try PrincipalComponents.fit(features, count: features.columns)
    }
  }
}

extension PrincipalComponentsModel {
  /// X f(C + ridge · I) for a function f of the eigenvalues, without C.
  ///
  /// Directions without variance, of which there may be many, all get f(ridge).
  func multiply(
    _ features: Matrix<Double>, ridge: Double, _ transform: (Double) -> Double
  ) -> Matrix<Double> {
    let rest = transform(ridge)
    let along = features * components
    return along.scaled(columns: variances.map { transform($0 + ridge) - rest })
      .multiplied(by: components, transposingOther: true) + features * rest
  }
}
