public import Domains
public import Learners
public import Parameters
public import Randomness

/// Joint distribution adaptation: transfer components that also bring the classes together.
///
/// M. Long, J. Wang, G. Ding, J. Sun, P. S. Yu. "Transfer Feature Learning with Joint
/// Distribution Adaptation." ICCV 2013. See `papers/long-2013-jda.md`.
///
/// ```
/// min over A:  Σ_c tr(Aᵀ FᵀM_cF A) + λ‖A‖²_F   with Aᵀ FᵀHF A = I         (1)
/// M_c = e_c e_cᵀ;  e_c is 1/n_S,c on the source's class c and −1/n_T,c
///   on the target samples that are taken for c                           (2)
/// M = (C M_0 + Σ_c M_c) / ‖C M_0 + Σ_c M_c‖_F                             (3)
/// (FᵀHF) a = ρ (FᵀMF + λI) a   for the k largest ρ, ‖a‖ = 1                (4)
/// z = (F a_1, …, F a_k) / ‖…‖                                            (5)
/// ŷ = the learner's predictions of the target after (5), back to (2)     (6)
/// ```
///
/// M_0 is that of the whole domains; F holds source and target with every sample scaled to unit
/// length, as kernel or as features (`form`). The first round knows no target class and has M_0
/// alone.
///
/// - Complexity: O(n r² + rounds · r³), r = min(n, d); O(n³) for the Gaussian kernel.
/// - Deviations: the factor C, the norms in (3) and the unit lengths in (4) and (5) are those
///   of the authors' program, not of the paper's text; the rounds end early where the
///   predictions no longer change.
public struct JointDistribution: TransductiveMethod {
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
    id: "jda", title: "Joint distribution adaptation", family: .alignment(.subspace),
    paper: "long-2013-jda", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
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
    return try alternation.fit(source: source, target: target, key: key) { outcome in
      MeanDifferences().columns(
        sourceLabels: source.labels, targetLabels: outcome?.targetLabels, targets: target.count,
        classCount: source.classCount)  // (2), (3)
    }  // (4), (5), (6)
  }
}
