public import Domains
import Foundation
public import Learners
import LinearAlgebra
import Networks
public import Parameters
public import Randomness

/// Relation networks: a learnt comparison of queries with classes.
///
/// F. Sung, Y. Yang, L. Zhang, T. Xiang, P. H. S. Torr, T. M. Hospedales. "Learning to Compare:
/// Relation Network for Few-Shot Learning." CVPR 2018. See `papers/sung-2018-relation.md`.
///
/// ```
/// c_k = mean of f(x_i; w) over the support of class k                    (1)
/// r_k(x) = g([c_k, f(x; w)]; v),   g with values from 0 to 1             (2)
/// w, v: mean over queries and classes of (r_k(x) − [y = k])² falls       (3)
/// p(y = k | x) = r_k(x) / Σ_k' r_k'(x)                                   (4)
/// ```
///
/// The episodes are the source's; for the target, the shots are the support.
///
/// - Complexity: a step of the network on each episode, and of g on each pair of a query and a class.
/// - Deviations: (1) is a mean where the paper has a sum, so that more shots don't change what g was
///   trained on. g is a hidden layer and a sigmoid on features, where the paper has convolutions on
///   feature maps. (4) is ours: the paper names the class of the largest r. The network begins as the
///   source's classifier unless `pretrained` is off, and few episodes are drawn.
public struct Relation: InductiveMethod, EpisodicMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// How it is trained.
  public var training = EpisodicTraining()
  /// The hidden features of g.
  public var width = 64

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "relation", title: "Relation networks", family: .fewShot, paper: "sung-2018-relation")

  /// The hyperparameters.
  public static let parameters =
    trainingParameters + [
      .integer("width", \.width, in: 1...4096, help: "Hidden features of g.")
    ]

  /// Trains embedding and comparison on the source, then takes the means of the shots.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try fitted(to: source, shots)
  }

  func loss(of run: EpisodicRun) -> Variable {
    let ways = run.shape.ways
    let pairs = 0..<run.labels.count * ways
    let means = run.support.means(ofGroups: run.ways)  // (1)
    let scores = Variable.concatenation(
      [
        means.rows(run.indices(pairs.map { $0 % ways })),
        run.queries.rows(run.indices(pairs.map { $0 / ways })),
      ], along: .last
    ).dense(run.scope("relation.hidden"), width).relu()
      .dense(run.scope("relation.output"), 1).sigmoid()  // (2)
    let targets = pairs.map { Float($0 / ways / run.shape.queries == $0 % ways ? 1 : 0) }
    return scores.meanSquaredError(run.constant(Tensor([pairs.count, 1], targets)))  // (3)
  }

  func model(
    of support: LabelledSample, _ weights: WeightSnapshot
  ) throws(MethodError) -> any Classifier {
    let means = try MethodError.learning { () throws(LearnerError) in
      // Nothing is drawn.
      try NearestMean().fit(
        features: support.features, labels: support.labels, classCount: support.classCount,
        weights: nil, key: RandomKey(seed: 0))
    }
    return RelationModel(means, weights)
  }
}

/// Class means that queries are compared with by a trained relation.
struct RelationModel: Classifier {
  private let means: NearestMeanModel
  /// What the hidden layer takes of the means, p × h, with its biases.
  private let ofMeans: Matrix<Double>
  /// What it takes of a query, d × h.
  private let queryWeights: Matrix<Double>
  private let outputWeights: [Double]
  private let outputBias: Double

  /// The relation whose layers are among the weights.
  init(_ means: NearestMeanModel, _ weights: WeightSnapshot) {
    func layer(_ name: String) -> (kernel: Matrix<Double>, bias: [Double]) {
      guard let kernel = weights["relation.\(name).weight"],
        let bias = weights["relation.\(name).bias"]
      else { preconditionFailure("A relation has its layers.") }
      return (
        Matrix(
          rows: kernel.shape[0], columns: kernel.shape[1],
          elements: kernel.values.map { Double($0) }), bias.values.map { Double($0) }
      )
    }
    let (hidden, output) = (layer("hidden"), layer("output"))
    let kernel = hidden.kernel.transposed
    let features = means.means.columns
    self.means = means
    ofMeans = (means.means * kernel.selecting(rows: Array(0..<features))).adding(row: hidden.bias)
    queryWeights = kernel.selecting(rows: Array(features..<2 * features))
    outputWeights = output.kernel.row(0).map { $0 }
    outputBias = output.bias[0]
  }

  /// r of (2), n × the classes that have a mean.
  func relations(_ queries: Matrix<Double>) -> Matrix<Double> {
    let ofQueries = queries * queryWeights
    var result = Matrix<Double>(rows: queries.rows, columns: ofMeans.rows)
    for query in 0..<queries.rows {
      let one = ofQueries.row(query)
      for place in 0..<ofMeans.rows {
        var score = outputBias
        for (unit, pair) in zip(one, ofMeans.row(place)).enumerated() {
          score += outputWeights[unit] * max(0, pair.0 + pair.1)
        }
        result[query, place] = 1 / (1 + exp(-score))
      }
    }
    return result
  }

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    let relations = relations(features)
    var result = Matrix<Double>(rows: features.rows, columns: means.classCount)
    for row in 0..<features.rows {
      let own = relations.row(row)
      let total = own.reduce(0, +)
      for (relation, label) in zip(own, means.classes) { result[row, label] = relation / total }
    }
    return result
  }
}
