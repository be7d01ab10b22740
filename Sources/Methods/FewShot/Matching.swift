public import Domains
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Matching networks: labels of the support, weighted by how near it lies in a trained embedding.
///
/// O. Vinyals, C. Blundell, T. Lillicrap, K. Kavukcuoglu, D. Wierstra. "Matching Networks for One
/// Shot Learning." NIPS 2016. See `papers/vinyals-2016-matching.md`.
///
/// ```
/// s_i(x) = α cos(f(x; w), f(x_i; w))                                     (1)
/// a_i(x) = exp(s_i(x)) / Σ_j exp(s_j(x))   over the support              (2)
/// p(y = k | x) = Σ_{y_i = k} a_i(x)                                      (3)
/// w: mean over the queries of −log p(y | x) falls, episode by episode    (4)
/// ```
///
/// The episodes are the source's; for the target, the shots are the support.
///
/// - Complexity: a step of the network on each episode, then a pass over the shots.
/// - Deviations: samples are embedded each by itself, without the paper's full context. α is 1 in
///   the paper; cosines then hardly tell probabilities apart. The network begins as the source's
///   classifier unless `pretrained` is off, and few episodes are drawn.
public struct Matching: InductiveMethod, EpisodicMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// How it is trained.
  public var training = EpisodicTraining()
  /// α.
  public var scale = 10.0

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "matching", title: "Matching networks", family: .fewShot,
    paper: "vinyals-2016-matching")

  /// The hyperparameters.
  public static let parameters =
    trainingParameters + [
      .real(
        "scale", \.scale, in: 0.01...1000, grid: [1, 10, 100],
        help: "α, what cosines are multiplied by.")
    ]

  /// Trains the embedding on the source, then embeds the shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try fitted(to: source, shots)
  }

  func loss(of run: EpisodicRun) -> Variable {
    let cosines = run.queries.rowsNormalized().products(
      withRowsOf: run.support.rowsNormalized())
    let shape = run.shape
    // A class's share of (2) is that of the exponentials of its support, added up.
    return cosines.scaled(by: Float(scale))  // (1)
      .reshaped([shape.ways * shape.queries, shape.ways, shape.shots]).logSumExp()
      .crossEntropy(run.labels)  // (4)
  }

  func model(of support: LabelledSample, _ weights: WeightSnapshot) -> any Classifier {
    MatchingModel(support, scale: scale)
  }
}

/// The labels of a support set, weighted by cosines.
struct MatchingModel: Classifier {
  private let directions: Matrix<Double>
  /// 1 at each support sample's class, n × C.
  private let classes: Matrix<Double>
  private let scale: Double

  /// The classifier of a support set whose features are embedded.
  init(_ support: LabelledSample, scale: Double) {
    directions = support.features.rowsNormalized
    var classes = Matrix<Double>(rows: support.count, columns: support.classCount)
    for (row, label) in support.labels.enumerated() { classes[row, label] = 1 }
    self.classes = classes
    self.scale = scale
  }

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    let scores = (features.rowsNormalized * directions.transposed) * scale  // (1)
    return scores.rowSoftmax * classes  // (2), (3)
  }
}
