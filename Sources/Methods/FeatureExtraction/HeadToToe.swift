public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Head2Toe: a linear head on the features that matter of all layers, not of the last alone.
///
/// U. Evci, V. Dumoulin, H. Larochelle, M. C. Mozer. "Head2Toe: Utilizing Intermediate
/// Representations for Better Transfer Learning." ICML 2022. See `papers/evci-2022-head2toe.md`.
///
/// ```
/// h_l = z_l / ‖z_l‖   of each layer l,   h = (h_1, …, h_L)                     (1)
/// minimise over W, b:  mean ℓ(W h_i + b, y_i) + λ Σ_f ‖W_f‖                    (2)
/// s_f = ‖W_f‖²,   F = the share φ of the features with the largest s            (3)
/// the head is fitted on the features of F, scaled by (1) anew                   (4)
/// ```
///
/// z_l are the outputs of a layer before its activation, averaged over an image, and the last
/// features; W_f are the weights of feature f, one for each class. (2) is convex, and is descended by
/// accelerated proximal steps until no feature breaks the conditions of its minimum by more than a
/// twentieth of λ, a thousand steps at most.
///
/// - Complexity: a pass over the shots, then O(n d C) a step of (2), d the features of all layers.
/// - Deviations: the authors minimise (2) by 5,000 or fewer steps of Adam, pool images to a few
///   hundred numbers a layer and keep at most a tenth of the features: their networks have 300,000.
public struct HeadToToe: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// λ.
  public var penalty = 1e-3
  /// φ.
  public var fraction = 0.25
  /// What is fitted on the features kept.
  public var probe = ProbeChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "head2toe", title: "Head2Toe", family: .featureExtraction, paper: "evci-2022-head2toe")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "penalty", \.penalty, in: 1e-6...10, grid: [1e-4, 1e-3, 1e-2],
      help: "λ, the weight of the group lasso that ranks the features."),
    .real(
      "fraction", \.fraction, in: 1e-6...1, grid: [0.05, 0.1, 0.25, 0.5, 1],
      help: "φ, the share of all layers' features that the head sees; one at least."),
    .choice("probe", \.probe, help: "Learner fitted on the features kept."),
  ]

  /// Ranks the features of all layers by the shots, then fits the head on the best.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let layers = LayerFeatures(try source.pretrained(learner))
    let whole = layers(shots.features)
    let lasso = GroupLasso(penalty: penalty).fit(
      Self.joined(whole), labels: shots.labels, classCount: shots.classCount)  // (2)
    let kept = Self.best(lasso.relevance, share: fraction, widths: whole.map(\.columns))
    let features: @Sendable (Matrix<Double>) -> Matrix<Double> = { samples in
      Self.joined(
        zip(layers(samples), kept).map { layer, columns in
          layer.selecting(rows: Array(0..<layer.rows), columns: columns)
        })
    }
    let head = try probe.learner.fit(
      shots.with(features: features(shots.features)), key: key.child("head"))  // (4)
    return MappedClassifier(head, map: features)
  }

  /// The layers' features, each scaled to unit length, side by side.
  static func joined(_ layers: [Matrix<Double>]) -> Matrix<Double> {
    var joined = Matrix<Double>(rows: layers.first?.rows ?? 0, columns: 0)
    for layer in layers where layer.columns > 0 {
      joined = joined.appending(columns: layer.rowsNormalized)  // (1)
    }
    return joined
  }

  /// The columns of each layer that are among the best of all; equals go by their place.
  static func best(_ relevance: [Double], share: Double, widths: [Int]) -> [[Int]] {
    let count = max(1, Int(share * Double(relevance.count)))
    let order = relevance.indices.sorted { (-relevance[$0], $0) < (-relevance[$1], $1) }
    let chosen = Set(order.prefix(count))  // (3)
    var first = 0
    return widths.map { width in
      defer { first += width }
      return (0..<width).filter { chosen.contains(first + $0) }
    }
  }
}

/// The features of every layer of a network that is no longer trained.
private struct LayerFeatures: Sendable {
  private let network: NetworkClassifier
  private let kernels: [String]

  init(_ network: NetworkClassifier) {
    self.network = network
    kernels = network.kernels.map(\.name)
  }

  /// z_l of n samples: n × the layer's channels each, the last features last.
  func callAsFunction(_ samples: Matrix<Double>) -> [Matrix<Double>] {
    network.outputs(of: samples, atKernels: kernels).map(\.channelMeans)
      + [network.features(of: samples)]
  }
}

/// Logistic regression of all classes whose features go in or stay out whole.
struct GroupLasso {
  /// λ.
  var penalty: Double
  /// Steps at most; features are ranked as well by a minimum that is not quite reached.
  var maximumSteps = 1000
  /// By how much the conditions of the minimum may be broken, in units of λ.
  var tolerance = 0.05

  /// Weights, C × d, and an offset for each class.
  struct Model {
    var weights: Matrix<Double>
    var offsets: [Double]
    /// By how much the conditions of the minimum are broken at worst, in units of λ.
    var violation: Double

    /// s of each feature.
    var relevance: [Double] { weights.transposed.rowSquaredNorms }
  }

  /// Minimises (2) over samples whose rows have a length of at most √`d`.
  func fit(_ samples: Matrix<Double>, labels: [Int], classCount: Int) -> Model {
    let (count, width) = (samples.rows, samples.columns)
    let shares = [Double](repeating: 1 / Double(count), count: count)
    // The loss curves by half the largest squared length of a row with its offset at most.
    let length = (samples.rowSquaredNorms.max() ?? 0) + 1
    let step = 2 / length
    var point = [Double](repeating: 0, count: classCount * (width + 1))
    var ahead = point
    var momentum = 1.0
    var slopes = point
    var violation = Double.infinity
    for index in 0..<maximumSteps {
      _ = samples.logisticLosses(
        at: ahead, offsets: Array(ahead.suffix(classCount)), labels: labels, shares: shares,
        slopes: &slopes)
      var next = zip(ahead, slopes).map { $0 - step * $1 }
      for feature in 0..<width {
        let places = stride(from: feature, to: classCount * width, by: width)
        let norm = places.reduce(0) { $0 + next[$1] * next[$1] }.squareRoot()
        let factor = norm > step * penalty ? 1 - step * penalty / norm : 0
        for place in places { next[place] *= factor }
      }
      // Momentum that points uphill starts anew (O'Donoghue & Candès 2015).
      let uphill = zip(zip(ahead, next), point).reduce(0) {
        $0 + ($1.0.0 - $1.0.1) * ($1.0.1 - $1.1)
      }
      let grown = uphill > 0 ? 1 : (1 + (1 + 4 * momentum * momentum).squareRoot()) / 2
      let push = uphill > 0 ? 0 : (momentum - 1) / grown
      ahead = zip(next, point).map { $0 + push * ($0 - $1) }
      (point, momentum) = (next, grown)
      guard index % 20 == 19 else { continue }
      violation = self.violation(point, samples, labels, shares, &slopes)
      if violation < tolerance { break }
    }
    return Model(
      weights: Matrix(
        rows: classCount, columns: width, elements: Array(point.prefix(classCount * width))),
      offsets: Array(point.suffix(classCount)), violation: violation)
  }

  /// ‖∇_f + λ W_f/‖W_f‖‖ of features that are in, and by how much ‖∇_f‖ exceeds λ of those that are
  /// out, at worst, in units of λ.
  private func violation(
    _ point: [Double], _ samples: Matrix<Double>, _ labels: [Int], _ shares: [Double],
    _ slopes: inout [Double]
  ) -> Double {
    let width = samples.columns
    let classCount = point.count / (width + 1)
    _ = samples.logisticLosses(
      at: point, offsets: Array(point.suffix(classCount)), labels: labels, shares: shares,
      slopes: &slopes)
    var worst = slopes.suffix(classCount).reduce(0) { max($0, abs($1)) }
    for feature in 0..<width {
      let places = stride(from: feature, to: classCount * width, by: width)
      let norm = places.reduce(0) { $0 + point[$1] * point[$1] }.squareRoot()
      let slope = places.reduce(0) { sum, place in
        let term = slopes[place] + (norm > 0 ? penalty * point[place] / norm : 0)
        return sum + term * term
      }.squareRoot()
      worst = max(worst, norm > 0 ? slope : slope - penalty)
    }
    return worst / penalty
  }
}
