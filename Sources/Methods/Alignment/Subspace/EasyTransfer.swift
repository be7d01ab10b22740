public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Easy transfer: each target sample to the nearest class mean, no class left empty.
///
/// J. Wang, Y. Chen, H. Yu, M. Huang, Q. Yang. "Easy Transfer Learning by Exploiting Intra-domain
/// Structures." ICME 2019. See `papers/wang-2019-easytl.md`.
///
/// ```
/// D_cj = ‖x_j − μ_c‖,   μ_c the mean of the source's class c after CORAL (λ)   (1)
/// min over M:  Σ_cj D_cj M_cj   with Σ_c M_cj = 1, Σ_j M_cj ≥ 1, 0 ≤ M ≤ 1     (2)
/// ŷ_j = argmax over c: M_cj                                                    (3)
/// ```
///
/// Without Σ_j M_cj ≥ 1, (2) is the nearest mean. `ClassAssignment` solves it as a flow.
///
/// - Complexity: CORAL's, and O(n_T C d); O(n_T C² + C⁴) more where classes are empty.
/// - Deviations: CORAL aligns the domains' means too, which the authors' program gets by
///   standardising each domain. Fewer target samples than classes leave (2) without a solution:
///   the nearest means answer then, and for samples that were not fitted. The class probabilities,
///   which the paper doesn't have, are the softmax of −D², and 1 for a class given against it.
public struct EasyTransfer: TransductiveMethod {
  /// How the source is brought near the target.
  public enum Alignment: String, ParameterChoice {
    /// It takes on the target's covariance.
    case coral
    /// Not at all: the paper's EasyTL(c).
    case none
  }

  /// How the source is brought near the target.
  public var alignment = Alignment.coral
  /// λ.
  public var ridge = 1.0

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "easytl", title: "Easy transfer learning", family: .alignment(.subspace),
    paper: "wang-2019-easytl")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("alignment", \.alignment, help: "What is done to the source before its means."),
    .real(
      "ridge", \.ridge, in: 0...1e6, grid: [1e-3, 1e-2, 0.1, 1, 10],
      help: "λ, added to the diagonal of both covariances in CORAL."),
  ]

  /// The reference is the nearest class mean, too.
  public static let referenceAssignments = [
    Assignment("learner", .choice(LearnerChoice.nearestMean.rawValue))
  ]

  /// Computes the class means and assigns the target's samples to them.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    var align: @Sendable (Matrix<Double>) -> Matrix<Double> = { $0 }
    if alignment == .coral {
      var coral = Coral()
      coral.ridge = ridge
      align = try coral.recolouring(of: source.features, as: target.features)
    }
    let aligned = source.with(features: align(source.features))
    let means = try MethodError.learning { () throws(LearnerError) in
      try NearestMean().fit(
        features: aligned.features, labels: aligned.labels, classCount: aligned.classCount,
        weights: nil, key: key)
    }
    let costs = target.features.centredSquaredDistances(to: means.means)
      .map { $0.squareRoot() }  // (1)
    let assignment = ClassAssignment(costs: costs)  // (2)
    let nearest = Predictions(probabilities: means.probabilities(of: target.features)).classes
    let given = assignment.classes.map { means.classes[$0] }  // (3)
    let moved = given.indices.filter { given[$0] != nearest[$0] }
    return AssignedSamples(
      means: means, align: align, samples: target.features.selecting(rows: moved),
      classes: moved.map { given[$0] })
  }
}

/// The nearest means, and the classes of the samples that (2) assigned elsewhere.
private struct AssignedSamples: Classifier {
  let means: NearestMeanModel
  let align: @Sendable (Matrix<Double>) -> Matrix<Double>
  let samples: Matrix<Double>
  let classes: [Int]

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    var probabilities = means.probabilities(of: features)
    for row in 0..<features.rows {
      for sample in classes.indices where features.row(row).elementsEqual(samples.row(sample)) {
        for column in 0..<probabilities.columns {
          probabilities[row, column] = column == classes[sample] ? 1 : 0
        }
      }
    }
    return probabilities
  }

  func probabilities(ofSource features: Matrix<Double>) -> Matrix<Double> {
    means.probabilities(of: align(features))
  }
}
