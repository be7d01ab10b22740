public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Transfer component analysis: components of large variance and small mean discrepancy.
///
/// S. J. Pan, I. W. Tsang, J. T. Kwok, Q. Yang. "Domain Adaptation via Transfer Component
/// Analysis." IEEE Transactions on Neural Networks 22(2), 2011. See `papers/pan-2011-tca.md`.
///
/// ```
/// min over A:  tr(Aᵀ FᵀMF A) + λ tr(AᵀA)   with Aᵀ FᵀHF A = I             (1)
/// M = e eᵀ / ‖e eᵀ‖_F,   e_i = 1/n_S in the source, −1/n_T in the target  (2)
/// (FᵀHF) a = ρ (FᵀMF + λI) a   for the k largest ρ, ‖a‖ = 1                (3)
/// Z = F A                                                                (4)
/// ```
///
/// F holds source and target, as kernel or as features (`form`); H = I − 11ᵀ/n. eᵀF is the
/// difference of the domains' means, so that the first term of (1) is their squared maximum
/// mean discrepancy.
///
/// - Complexity: O(n r² + r³), r = min(n, d); O(n³) for the Gaussian kernel, or O(n² k) a step for few
///   components of many samples. At most two n × n matrices.
/// - Deviations: M is divided by its norm and the components scaled to unit length, as in the
///   programs behind the published tables; the problem is solved in the span of the data.
public struct TransferComponents: TransductiveMethod {
  /// k.
  public var components = 100
  /// λ.
  public var regularization = 1.0
  /// What F is.
  public var form = FeatureForm.kernel
  /// How many landmarks stand for a kernel; 0 for the kernel itself.
  public var landmarks = 0
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "tca", title: "Transfer component analysis", family: .alignment(.subspace),
    paper: "pan-2011-tca", version: 3)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "components", \.components, in: 1...10_000, grid: [10, 20, 50, 100],
      help: "k, the components kept; at most as many as there are."),
    .real(
      "regularization", \.regularization, in: 1e-9...1e9, grid: [0.01, 0.1, 1, 10],
      help: "λ, the penalty on the components' size."),
    .choice("form", \.form, help: "F: a linear kernel, the features themselves, or an RBF kernel."),
    .integer(
      "landmarks", \.landmarks, in: 0...100_000, grid: [0, 100, 300, 1000], isTuned: false,
      help: "Samples that stand for a kernel; 0 for the kernel itself."),
    .choice("learner", \.learner, help: "Classifier fitted on the embedded source."),
  ]

  /// Finds the components and fits the learner on the embedded source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let (reduced, directions) = try components(
      source: source.features, target: target.features, key: key.child("landmarks"))
    let embedded = (reduced.rows * directions).selecting(rows: Array(0..<source.count))  // (4)
    let embed = reduced.embed
    let classifier = try learner.fit(
      source.with(features: embedded), key: key.child("learner"))
    return MappedClassifier(classifier) { embed($0, directions) }
  }

  /// The samples in reduced form and the components' coefficients.
  func components(
    source: Matrix<Double>, target: Matrix<Double>, key: RandomKey
  ) throws(MethodError) -> (reduced: ReducedFeatures, directions: Matrix<Double>) {
    let difference = Matrix(
      rows: source.rows + target.rows, columns: 1,
      elements: marginalDifference(sources: source.rows, targets: target.rows))  // (2)
    return try MethodError.step("transfer components") { () throws(LinearAlgebraError) in
      let reduced = try ReducedFeatures(
        source.appending(rows: target), form: form, landmarks: landmarks, key: key)
      let projection = DiscrepancyProjection(
        reduced.rows, regularization: regularization, components: components)
      return (reduced, try projection.directions(lessening: difference))  // (3)
    }
  }
}
