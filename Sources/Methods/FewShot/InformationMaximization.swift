public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Transductive information maximisation: class means moved until the unlabelled samples are told apart.
///
/// M. Boudiaf, I. M. Ziko, J. Rony, J. Dolz, P. Piantanida, I. Ben Ayed. "Transductive Information
/// Maximization for Few-Shot Learning." NeurIPS 2020. See `papers/boudiaf-2020-tim.md`.
///
/// ```
/// z = g(x) / ‖g(x)‖,   w_c = mean of z over the shots of class c at first         (1)
/// p_ic ∝ exp(−τ/2 ‖z_i − w_c‖²)                                                   (2)
/// p̂_c = mean of p_ic over the unlabelled samples                                  (3)
/// minimise over w:  λ mean −log p_(i y_i) over the shots
///                   + Σ_c p̂_c log p̂_c − α mean Σ_c p_ic log p_ic                 (4)
/// ```
///
/// g are the frozen features of the source's network. The last two terms of (4) are minus the
/// information that the unlabelled samples have on their classes: the marginal entropy less the
/// conditional one, weighted by α. Gradient descent by Adam, which the paper calls TIM-GD.
///
/// - Complexity: the network's passes, O(n d C) a step for n shots and unlabelled samples.
/// - Deviations: fewer steps at a higher rate. A query is answered by (2) with the w that the
///   unlabelled samples of the fit led to.
public struct InformationMaximization: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// λ.
  public var shotWeight = 0.1
  /// α.
  public var conditionalWeight = 0.1
  /// τ.
  public var scale = 15.0
  /// The steps of Adam.
  public var steps = 100
  /// Its rate.
  public var rate = 1e-3

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "tim", title: "Transductive information maximisation", family: .fewShot,
    paper: "boudiaf-2020-tim")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "shotWeight", \.shotWeight, in: 0...100, grid: [0.1, 0.3, 1],
      help: "λ, the weight of the shots' cross-entropy."),
    .real(
      "conditionalWeight", \.conditionalWeight, in: 0...100, grid: [0, 0.1, 1],
      help: "α, the weight of the conditional entropy."),
    .real("scale", \.scale, in: 0.01...1000, grid: [5, 15, 30], help: "τ, of squared distances."),
    .integer("steps", \.steps, in: 0...100_000, grid: [0, 100, 1000], help: "Steps of Adam."),
    .real("rate", \.rate, in: 1e-6...1, grid: [1e-4, 1e-3, 1e-2], help: "Learning rate of Adam."),
  ]

  /// Moves the class means.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let features = try FrozenFeatures(source.pretrained(learner))
    let map: @Sendable (Matrix<Double>) -> Matrix<Double> = { features($0).rowsNormalized }
    let support = map(shots.features)
    let means = try MethodError.learning { () throws(LearnerError) in
      try NearestMean().fit(
        features: support, labels: shots.labels, classCount: shots.classCount, weights: nil,
        key: key)  // (1)
    }
    return MappedClassifier(
      adapt(means, shots: shots.with(features: support), samples: map(unlabelled.features)),
      map: map)
  }

  /// The classifier (2) of the means after all steps, for z of the shots and of unlabelled samples.
  func adapt(
    _ means: NearestMeanModel, shots: LabelledSample, samples: Matrix<Double>
  ) -> LinearClassifier {
    var weights = means.means
    var moments = (first: weights * 0, second: weights * 0)
    for step in 0..<steps {
      let slopes = gradient(at: weights, means.classes, shots, samples)
      moments.first = moments.first.zip(slopes) { 0.9 * $0 + 0.1 * $1 }
      moments.second = moments.second.zip(slopes) { 0.999 * $0 + 0.001 * $1 * $1 }
      let first = rate / (1 - pow(0.9, Double(step + 1)))
      let second = 1 / (1 - pow(0.999, Double(step + 1))).squareRoot()
      let change = moments.first.zip(moments.second) {
        first * $0 / ($1.squareRoot() * second + 1e-8)
      }
      weights = weights - change
    }
    return classifier(weights, means)
  }

  /// (2) as affine functions of z.
  private func classifier(_ weights: Matrix<Double>, _ means: NearestMeanModel) -> LinearClassifier
  {
    func spread(_ rows: Matrix<Double>) -> Matrix<Double> {
      rows.transposed.spreading(columns: means.classes, over: means.classCount, filling: 0)
        .transposed
    }
    let intercepts = intercepts(of: weights)
    return LinearClassifier(
      weights: spread(weights * scale),
      intercepts: spread(Matrix(rows: intercepts.count, columns: 1, elements: intercepts)).elements,
      classes: means.classes)
  }

  /// The gradient of (4), of the shape of the weights.
  private func gradient(
    at weights: Matrix<Double>, _ classes: [Int], _ shots: LabelledSample,
    _ samples: Matrix<Double>
  ) -> Matrix<Double> {
    var slopes = probabilities(of: shots.features, weights)
    for (row, label) in shots.labels.enumerated() {
      for (place, other) in classes.enumerated() where other == label { slopes[row, place] -= 1 }
    }
    let result = pulled(slopes * (shotWeight / Double(shots.count)), shots.features, weights)
    guard samples.rows > 0 else { return result }
    let assigned = probabilities(of: samples, weights)
    func logarithm(_ share: Double) -> Double { log(max(share, .leastNormalMagnitude)) }
    let scores = assigned.map { -conditionalWeight * logarithm($0) }
      .adding(row: assigned.columnMeans.map(logarithm))  // (3)
    let products = assigned.zip(scores, *)
    let changes = products - assigned.scaled(rows: products.rowSums)  // (4)
    return result + pulled(changes * (1 / Double(samples.rows)), samples, weights)
  }

  /// p, n × classes.
  private func probabilities(
    of samples: Matrix<Double>, _ weights: Matrix<Double>
  ) -> Matrix<Double> {
    (samples.multiplied(by: weights, transposingOther: true) * scale)
      .adding(row: intercepts(of: weights)).rowSoftmax  // (2)
  }

  /// −τ/2 ‖w‖²: (2) is a softmax of τ zᵀw − τ/2 ‖w‖², since ‖z‖² is the same for all classes.
  private func intercepts(of weights: Matrix<Double>) -> [Double] {
    weights.rowSquaredNorms.map { -scale / 2 * $0 }
  }

  /// From slopes of the exponents of (2) to those of w: τ Σ_i G_ic (z_i − w_c).
  private func pulled(
    _ slopes: Matrix<Double>, _ samples: Matrix<Double>, _ weights: Matrix<Double>
  ) -> Matrix<Double> {
    let sums = slopes.columnSums
    return (slopes.multiplied(by: samples, transposingSelf: true) - weights.scaled(rows: sums))
      * scale
  }
}
