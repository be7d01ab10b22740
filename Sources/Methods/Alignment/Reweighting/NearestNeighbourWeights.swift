public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Importance weights that count the target samples nearest to each source sample.
///
/// M. Loog. "Nearest Neighbor-Based Importance Weighting." IEEE MLSP 2012. See
/// `papers/loog-2012-nn-weights.md`.
///
/// ```
/// w_i = s + |{ j : x_i is the source sample nearest to the target's x'_j }|   (1)
/// f = argmin over f:  Σ_i w_i loss(f(x_i), y_i)                              (2)
/// ```
///
/// s is 1 with Laplace smoothing and 0 without it; of source samples at one distance the first
/// is the nearest. The counts estimate p_T / p_S on the source's Voronoi cells.
///
/// - Complexity: O(n_S n_T d) and the learner's.
/// - Deviations: a learner that can't weigh samples is given each one w_i times, which is the
///   same thing since w_i is a whole number.
public struct NearestNeighbourWeights: TransductiveMethod {
  /// Whether s is 1.
  public var smoothing = true
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "nn-weights", title: "Nearest-neighbour weights", family: .alignment(.reweighting),
    paper: "loog-2012-nn-weights")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .flag("smoothing", \.smoothing, help: "Laplace smoothing: adds 1 to every weight."),
    .choice("learner", \.learner, help: "Classifier fitted on the weighted source."),
  ]

  /// Counts the neighbours and fits the learner on the weighted source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let counts = weights(of: source.features, for: target.features)
    let key = key.child("learner")
    if learner.usesWeights {
      return MappedClassifier(
        try learner.fit(source, weights: counts.map(Double.init), key: key))  // (2)
    }
    let repeated = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    return MappedClassifier(try learner.fit(source.selecting(rows: repeated), key: key))
  }

  /// The weight of each source sample.
  func weights(of source: Matrix<Double>, for target: Matrix<Double>) -> [Int] {
    var weights = [Int](repeating: smoothing ? 1 : 0, count: source.rows)
    for index in NeighbourSearch(points: source).nearest(to: target) { weights[index] += 1 }  // (1)
    return weights
  }
}
