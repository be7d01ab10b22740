public import Domains
public import Learners
import LinearAlgebra
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
  /// The classifier, which also labels the target in each round.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "jda", title: "Joint distribution adaptation", family: .alignment(.subspace),
    paper: "long-2013-jda")

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
    .choice("learner", \.learner, help: "Classifier fitted on the embedded source each round."),
  ]

  /// Alternates between components and target labels; the last round's learner is the model.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let pooled = source.features.appending(rows: target.features).rowsNormalized
    let reduced = try MethodError.step("features") { () throws(LinearAlgebraError) in
      try ReducedFeatures(pooled, form: form)
    }
    let projection = DiscrepancyProjection(
      reduced.rows, regularization: regularization, components: components)
    let sourceRows = Array(0..<source.count)
    let targetRows = Array(source.count..<pooled.rows)
    var targetLabels: [Int]?
    for _ in 1..<rounds {
      let round = try fitRound(targetLabels)
      let embedded = embed(reduced.rows.selecting(rows: targetRows), round.directions)
      let labels = Predictions(probabilities: round.classifier.probabilities(of: embedded))
        .classes  // (6)
      if labels == targetLabels { break }
      targetLabels = labels
    }
    let last = try fitRound(targetLabels)
    return MappedClassifier(last.classifier) { features in
      embed(reduced.extend(features.rowsNormalized), last.directions)
    }

    func fitRound(
      _ targetLabels: [Int]?
    ) throws(MethodError) -> (directions: Matrix<Double>, classifier: any Classifier) {
      let differences = meanDifferences(
        sourceLabels: source.labels, targetLabels: targetLabels, targets: target.count,
        classCount: source.classCount)
      let directions = try MethodError.step("joint components") { () throws(LinearAlgebraError) in
        try projection.directions(lessening: differences)  // (4)
      }
      let embedded = embed(reduced.rows.selecting(rows: sourceRows), directions)
      let classifier = try learner.fit(
        source.with(features: embedded), key: key.child("learner"))
      return (directions, classifier)
    }
  }
}

/// Rows of F times the components, each scaled to unit length.
private func embed(
  _ rows: Matrix<Double>, _ directions: Matrix<Double>
) -> Matrix<Double> {
  (rows * directions).rowsNormalized  // (5)
}

/// The columns e, n × (1 + classes), with E Eᵀ = C M_0 + Σ_c M_c.
///
/// A class without a target sample keeps its source part, as in the authors' program.
private func meanDifferences(
  sourceLabels: [Int], targetLabels: [Int]?, targets: Int, classCount: Int
) -> Matrix<Double> {
  let sourceCounts = counts(sourceLabels, classCount)
  let present = sourceCounts.filter { $0 > 0 }.count
  var columns = [
    marginalDifference(sources: sourceLabels.count, targets: targets)
      .map { $0 * Double(present).squareRoot() }
  ]
  if let targetLabels {
    let targetCounts = counts(targetLabels, classCount)
    for label in 0..<classCount where sourceCounts[label] > 0 {
      columns.append(
        sourceLabels.map { $0 == label ? 1 / Double(sourceCounts[label]) : 0 }
          + targetLabels.map { $0 == label ? -1 / Double(targetCounts[label]) : 0 })  // (2)
    }
  }
  return Matrix(columns).transposed  // (3); its norm is divided out by the projection
}

private func counts(_ labels: [Int], _ classCount: Int) -> [Int] {
  var counts = [Int](repeating: 0, count: classCount)
  for label in labels { counts[label] += 1 }
  return counts
}
