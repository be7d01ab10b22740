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
/// - Complexity: O(n d² + d³) a layer, and the learner's on (L + 1) d columns; the model is L
///   matrices of d × d, and fitting needs no other.
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
    family: .alignment(.subspace), paper: "chen-2012-msda", version: 2)

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
    var stack = LayerStack(source.features, layers: layers, isStacked: isStacked)
    var hidden = Self.withConstant(source.features.appending(rows: target.features))
    var maps: [Matrix<Double>] = []
    for layer in 0..<layers {
      let map = try denoiser(of: hidden)
      maps.append(map)
      // The last layer of the target is not needed here.
      if layer == layers - 1 { hidden = hidden.selecting(rows: Array(0..<source.count)) }
      Self.apply(map, to: &hidden)
      stack.append(hidden)
    }
    let (found, isStacked) = (maps, isStacked)
    let classifier = try learner.fit(
      source.with(features: stack.features), key: key.child("learner"))
    return MappedClassifier(classifier) { features in
      var stack = LayerStack(features, layers: found.count, isStacked: isStacked)
      var hidden = Self.withConstant(features)
      for map in found {
        Self.apply(map, to: &hidden)
        stack.append(hidden)
      }
      return stack.features
    }
  }

  /// Wᵀ of n samples [h; 1], d + 1 square: its last row is the constant's, its last column unused.
  ///
  /// Q is diag(q) S diag(q) plus a diagonal D, which is 0 at the constant: all but the inverse in
  /// (7) is a scaling of columns. S, Q, its factor, its inverse and Wᵀ have one memory.
  func denoiser(of samples: Matrix<Double>) throws(MethodError) -> Matrix<Double> {
    let width = samples.columns - 1
    var (map, additions) = try MethodError.step("denoising") { () throws(LinearAlgebraError) in
      let (corrupted, additions) = corrupted(samples)
      do throws(LinearAlgebraError) {
        return (try (consume corrupted).cholesky().inverse(), additions)
      } catch .notPositiveDefinite {
        return (try self.corrupted(samples).moments.ridgedCholesky().inverse(), additions)
      }
    }
    map.elements.withUnsafeMutableBufferPointer { map in
      for row in 0...width {
        let start = row * (width + 1)
        for column in 0..<width { map[start + column] *= -additions[column] / (1 - noise) }  // (7)
        if row < width { map[start + row] += 1 / (1 - noise) }
      }
    }
    return map  // (4)
  }

  /// Q + ηI of n samples [h; 1], and D.
  private func corrupted(
    _ samples: Matrix<Double>
  ) -> (moments: Matrix<Double>, additions: [Double]) {
    let width = samples.columns - 1
    var moments = samples.gram  // (2)
    let kept = 1 - noise
    var additions = [Double](repeating: 0, count: width)
    moments.elements.withUnsafeMutableBufferPointer { moments in
      for row in 0..<width {
        let start = row * (width + 1)
        additions[row] = kept * noise * moments[start + row] + regularization
        for column in 0..<width { moments[start + column] *= kept * kept }
        moments[start + row] += additions[row]
        moments[start + width] *= kept
        moments[width * (width + 1) + row] *= kept  // (3)
      }
    }
    return (moments, additions)
  }

  /// h ← tanh(W [h; 1]) of n samples [h; 1], some rows at a time.
  static func apply(_ map: Matrix<Double>, to samples: inout Matrix<Double>) {
    let width = samples.columns - 1
    for block in samples.rowBlocks(against: map.columns) {
      let rebuilt = samples.selecting(rows: Array(block)) * map
      for (place, row) in block.enumerated() {
        for column in 0..<width { samples[row, column] = tanh(rebuilt[place, column]) }  // (5)
      }
    }
  }

  /// Samples with a 1 behind their features: [h; 1].
  static func withConstant(_ features: Matrix<Double>) -> Matrix<Double> {
    features.appending(columns: Matrix(rows: features.rows, columns: 1, repeating: 1))
  }
}

/// z of (6): the features and all layers of some samples side by side, or the last layer alone.
private struct LayerStack {
  /// z, n × (L + 1) d or n × d, once all layers are there.
  private(set) var features: Matrix<Double>
  private let width: Int
  /// The parts that are left out, and those that were given.
  private let skipped: Int
  private var given = 0

  init(_ features: Matrix<Double>, layers: Int, isStacked: Bool) {
    width = features.columns
    skipped = isStacked ? 0 : layers
    self.features = Matrix(rows: features.rows, columns: (layers + 1 - skipped) * width)
    append(features)
  }

  /// Puts the next layer beside the others: the first d columns of the first n rows.
  mutating func append(_ layer: Matrix<Double>) {
    defer { given += 1 }
    guard given >= skipped else { return }
    let start = (given - skipped) * width
    for row in 0..<features.rows {
      for column in 0..<width { features[row, start + column] = layer[row, column] }  // (6)
    }
  }
}
