public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Balanced distribution adaptation: JDA with a weight between whole domains and classes.
///
/// J. Wang, Y. Chen, S. Hao, W. Feng, Z. Shen. "Balanced Distribution Adaptation for Transfer
/// Learning." ICDM 2017. See `papers/wang-2017-bda.md`.
///
/// ```
/// min over A:  tr(Aᵀ FᵀMF A) + λ‖A‖²_F   with Aᵀ FᵀHF A = I               (1)
/// M = (1 − μ) C M_0 + μ Σ_c M_c,   divided by its Frobenius norm         (2)
/// M_c = e_c e_cᵀ;  e_c is 1 / n_S,c on the source's class c and
///   −α_c / n_T,c on the target samples that are taken for c              (3)
/// α_c = 1,  or  (n_T,c / n_T) / (n_S,c / n_S): the weighted variant       (4)
/// μ = d̄_c / (d̄_c + d_M)   from proxy A-distances, where it is estimated   (5)
/// ```
///
/// M_0 is that of the whole domains, and all of M in the first round. The rounds, the components and their embedding are those of
/// `JointDistribution`, which is this method at μ = ½.
///
/// - Complexity: as `JointDistribution`; (5) adds linear SVMs on the embedding in each round.
/// - Deviations: those of `JointDistribution`. The weighted variant keeps μ, where the authors'
///   program sets it to 1. (5) leaves out classes that one of the domains lacks.
public struct BalancedDistribution: TransductiveMethod {
  /// μ.
  public var balance = 0.5
  /// Whether μ is estimated in each round.
  public var estimatesBalance = false
  /// Whether α follows the classes' shares.
  public var weighted = false
  /// k.
  public var components = 100
  /// λ.
  public var regularization = 1.0
  /// T.
  public var rounds = 10
  /// What F is.
  public var form = FeatureForm.kernel
  /// How many landmarks stand for a kernel; 0 for the kernel itself.
  public var landmarks = 0
  /// The classifier, which also labels the target in each round.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "bda", title: "Balanced distribution adaptation", family: .alignment(.subspace),
    paper: "wang-2017-bda", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "balance", \.balance, in: 0...1, grid: [0, 0.25, 0.5, 0.75, 1],
      help: "μ, the weight of the classes' discrepancies against the whole domains'."),
    .flag(
      "estimatesBalance", \.estimatesBalance,
      help: "Whether μ is estimated in each round by proxy A-distances."),
    .flag(
      "weighted", \.weighted,
      help: "Whether classes are weighted by the ratio of their shares in the domains."),
    .integer(
      "components", \.components, in: 1...10_000, grid: [10, 20, 50, 100],
      help: "k, the components kept; at most as many as there are."),
    .real(
      "regularization", \.regularization, in: 1e-9...1e9, grid: [0.01, 0.1, 1, 10],
      help: "λ, the penalty on the components' size."),
    .integer(
      "rounds", \.rounds, in: 1...1000, grid: [1, 5, 10, 20],
      help: "T, how often the target is labelled anew; the first round uses no labels."),
    .choice("form", \.form, help: "F: a linear kernel, the features themselves, or an RBF kernel."),
    .integer(
      "landmarks", \.landmarks, in: 0...100_000, grid: [0, 100, 300, 1000], isTuned: false,
      help: "Samples that stand for a kernel; 0 for the kernel itself."),
    .choice("learner", \.learner, help: "Classifier fitted on the embedded source each round."),
  ]

  /// Alternates between components and target labels; the last round's learner is the model.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let alternation = PseudoLabelRounds(
      components: components, regularization: regularization, rounds: rounds, form: form,
      landmarks: landmarks, learner: learner)
    return try alternation.fit(source: source, target: target, key: key) {
      outcome throws(MethodError) in
      guard let outcome else { return columns(MeanDifferences(), targetLabels: nil) }
      var balance = balance
      if estimatesBalance {
        balance = try DistributionBalance(
          source: source.with(features: outcome.source), target: outcome.target,
          key: key.child("balance")
        ).estimate(targetLabels: outcome.targetLabels)  // (5)
      }
      return columns(
        MeanDifferences(marginal: 1 - balance, conditional: balance, followsShares: weighted),
        targetLabels: outcome.targetLabels)  // (2), (3), (4)
    }  // (1)

    func columns(_ differences: MeanDifferences, targetLabels: [Int]?) -> Matrix<Double> {
      differences.columns(
        sourceLabels: source.labels, targetLabels: targetLabels, targets: target.count,
        classCount: source.classCount)
    }
  }
}
