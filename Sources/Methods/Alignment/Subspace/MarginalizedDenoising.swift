public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Marginalised stacked denoising autoencoder: features rebuilt from half of the others.
///
/// M. Chen, Z. Xu, K. Q. Weinberger, F. Sha. "Marginalized Denoising Autoencoders for Domain
/// Adaptation." ICML 2012. See `papers/chen-2012-msda.md`.
///
/// ```
/// min over W:  E ‖h − W [h̃; 1]‖²,   h̃ is h with each feature set to 0 with probability p  (1)
/// S = Σ_i [h_i; 1][h_i; 1]ᵀ,   q = (1 − p, …, 1 − p, 1)                    (2)
/// Q_ab = S_ab q_a q_b for a ≠ b,   Q_aa = S_aa q_a,   P_ab = S_ab q_b      (3)
/// W = P (Q + ηI)⁻¹,   η only on the features, not on the constant          (4)
/// h ← tanh(W [h; 1]), once a layer                                         (5)
/// z = (x, h¹, …, h^L)                                                      (6)
/// Wᵀ = (I − (Q + ηI)⁻¹ D) / (1 − p),   D_aa = p (1 − p) S_aa + η, 0 at the constant  (7)
/// ```
///
/// The sums run over source and target. (4) is the solution of (1) with the expectation over
/// every corruption taken in closed form: no corrupted sample is ever drawn. (7) is (4) with
/// P = (Q + ηI − D) / (1 − p) put in, without a product of d × d matrices.
///
/// - Complexity: O(n d² + d³) a layer, and the learner's on (L + 1) d columns.
/// - Deviations: the paper's short cut for very many features, which rebuilds only the frequent
///   ones, is left out.
public struct MarginalizedDenoising: TransductiveMethod {
  /// p.
  public var noise = 0.5
  /// L.
  public var layers = 5
  /// η.
  public var regularization = 1e-5
  /// Whether the learner sees every layer and the input, or the last layer alone.
  public var isStacked = true
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "msda", title: "Marginalised stacked denoising autoencoder",
    family: .alignment(.subspace), paper: "chen-2012-msda")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "noise", \.noise, in: 0.01...0.99, grid: [0.3, 0.5, 0.7, 0.9],
      help: "p, the probability that a feature is set to 0."),
    .integer("layers", \.layers, in: 1...20, grid: [1, 3, 5], help: "L, the layers."),
    .real(
      "regularization", \.regularization, in: 1e-12...1e6, grid: [1e-5, 1e-2, 1],
      help: "η, added to the diagonal of what is inverted."),
    .flag(
      "stacked", \.isStacked,
      help: "Whether the learner sees the input and every layer, or the last layer alone."),
    .choice("learner", \.learner, help: "Classifier fitted on the source's rebuilt features."),
  ]

  /// Finds the layers on both domains and fits the learner on the source's.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    var hidden = source.features.appending(rows: target.features)
    var maps: [Matrix<Double>] = []
    var stack = [source.features]
    let sourceRows = Array(0..<source.count)
    for layer in 0..<layers {
      let map = try denoiser(of: hidden)
      maps.append(map)
      // The last layer of the target is not needed here.
      hidden = Self.apply(
        map, to: layer < layers - 1 ? hidden : hidden.selecting(rows: sourceRows))
      stack.append(hidden.selecting(rows: sourceRows))
    }
    let (found, isStacked) = (maps, isStacked)
    let classifier = try learner.fit(
      source.with(features: isStacked ? Self.joined(stack) : hidden), key: key.child("learner"))
    return MappedClassifier(classifier) { features in
      var hidden = features
      var stack = [features]
      for map in found {
        hidden = Self.apply(map, to: hidden)
        stack.append(hidden)
      }
      return isStacked ? Self.joined(stack) : hidden
    }
  }

  /// Wᵀ of n samples, (d + 1) × d; its last row is the constant's.
  ///
  /// Q is diag(q) S diag(q) plus a diagonal D, which is 0 at the constant: all but the inverse in
  /// (7) is a scaling of columns.
  func denoiser(of features: Matrix<Double>) throws(MethodError) -> Matrix<Double> {
    let width = features.columns
    let constant = Matrix<Double>(rows: features.rows, columns: 1, repeating: 1)
    var corrupted = features.appending(columns: constant).gram  // (2)
    let kept = 1 - noise
    var additions = [Double](repeating: 0, count: width)
    corrupted.elements.withUnsafeMutableBufferPointer { corrupted in
      for row in 0..<width {
        let start = row * (width + 1)
        additions[row] = kept * noise * corrupted[start + row] + regularization
        for column in 0..<width { corrupted[start + column] *= kept * kept }
        corrupted[start + row] += additions[row]
        corrupted[start + width] *= kept
        corrupted[width * (width + 1) + row] *= kept  // (3)
      }
    }
    let square = corrupted
    let inverse = try MethodError.step("denoising") { () throws(LinearAlgebraError) in
      try square.ridgedCholesky().inverse
    }
    var map = inverse.selecting(columns: 0..<width)
      .scaled(columns: additions.map { -$0 / kept })  // (7)
    for column in 0..<width { map[column, column] += 1 / kept }
    return map  // (4)
  }

  /// tanh(W [h; 1]) of n samples.
  static func apply(_ map: Matrix<Double>, to features: Matrix<Double>) -> Matrix<Double> {
    let width = features.columns
    return (features * map.selecting(rows: Array(0..<width)))
      .adding(row: Array(map.row(width))).map { tanh($0) }  // (5)
  }

  /// The columns of all parts, side by side.
  private static func joined(_ parts: [Matrix<Double>]) -> Matrix<Double> {  // (6)
    guard let first = parts.first else { return Matrix(rows: 0, columns: 0) }
    var elements: [Double] = []
    elements.reserveCapacity(parts.reduce(0) { $0 + $1.elements.count })
    for row in 0..<first.rows {
      for part in parts { elements.append(contentsOf: part.row(row)) }
    }
    return Matrix(
      rows: first.rows, columns: parts.reduce(0) { $0 + $1.columns }, elements: elements)
  }
}
