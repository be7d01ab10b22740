public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// LaplacianShot: nearest class mean, with neighbours among the unlabelled samples pulled to one class.
///
/// I. M. Ziko, J. Dolz, E. Granger, I. Ben Ayed. "Laplacian Regularized Few-Shot Learning." ICML 2020.
/// See `papers/ziko-2020-laplacian-shot.md`.
///
/// ```
/// z = (g(x) − μ_S) / ‖g(x) − μ_S‖                                              (1)
/// m_c = mean of z over the shots of class c                                     (2)
/// a_ic = ‖z_i − m_c‖²                                                           (3)
/// y_i ∝ exp(−a_i)   at first                                                    (4)
/// y_i ∝ exp(−a_i + λ Σ_j w_ij y_j),   all i at once, again and again            (5)
/// ```
///
/// g are the frozen features of the source's network and μ_S is their mean over the source; w_ij is 1
/// where j is among the k nearest unlabelled samples of i. (5) lowers a bound of
/// Σ_i a_iᵀ y_i + λ/2 Σ_ij w_ij ‖y_i − y_j‖² − Σ_i H(y_i).
///
/// - Complexity: the network's passes, O(n² d) for the neighbours, O(n k C) an update.
/// - Deviations: every update is made, where the authors stop once the bound changes by less than a
///   millionth. A query's answer is (5) once more, from its neighbours among the unlabelled samples of
///   the fit; a query that is one of these is not its own neighbour. No rectified prototypes.
public struct LaplacianShot: InductiveMethod {
  /// The network.
  public var learner = NetworkChoice.perceptron
  /// λ.
  public var strength = 0.5
  /// k.
  public var neighbours = 3
  /// How often (5) is made.
  public var updates = 20

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "laplacian-shot", title: "LaplacianShot", family: .fewShot,
    paper: "ziko-2020-laplacian-shot")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice("learner", \.learner, help: "Network that the source trained."),
    .real(
      "strength", \.strength, in: 0...100, grid: [0.1, 0.3, 0.5, 0.8, 1, 1.5],
      help: "λ, the pull of the neighbours."),
    .integer(
      "neighbours", \.neighbours, in: 1...1000, grid: [3, 5, 10],
      help: "k, the unlabelled samples that pull on one."),
    .integer("updates", \.updates, in: 0...10_000, help: "Updates of all assignments."),
  ]

  /// Takes the shots' class means, and assigns the unlabelled samples.
  public func fit(
    source: LabelledSample, shots: LabelledSample, unlabelled: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    try shots.requireSome()
    let features = try FrozenFeatures(source.pretrained(learner))
    let centre = features(source.features).columnMeans
    let map: @Sendable (Matrix<Double>) -> Matrix<Double> = {
      features($0).subtracting(row: centre).rowsNormalized  // (1)
    }
    let prototypes = try MethodError.learning { () throws(LearnerError) in
      try NearestMean().fit(
        features: map(shots.features), labels: shots.labels, classCount: shots.classCount,
        weights: nil, key: key)  // (2)
    }
    return MappedClassifier(assign(map(unlabelled.features), prototypes), map: map)
  }

  /// The classifier once the unlabelled samples z, n × d, have their assignments.
  func assign(_ samples: Matrix<Double>, _ prototypes: NearestMeanModel) -> NeighbourPull {
    let first = prototypes.probabilities(of: samples)  // (4)
    var model = NeighbourPull(
      prototypes: prototypes, strength: strength, neighbours: neighbours,
      search: NeighbourSearch(points: samples), assignments: first)
    let energies = model.energies(of: samples)
    let graph = NeighbourGraph(samples, neighbourCount: neighbours)
    for _ in 0..<updates {
      let pulls = graph.multiplied(by: model.assignments)
      model.assignments = (pulls * strength - energies).rowSoftmax  // (5)
    }
    return model
  }
}

/// Class means, and unlabelled samples whose assignments pull on their neighbours'.
struct NeighbourPull: Classifier {
  let prototypes: NearestMeanModel
  let strength: Double
  let neighbours: Int
  let search: NeighbourSearch
  /// y of the unlabelled samples, n × C.
  fileprivate(set) var assignments: Matrix<Double>

  /// The squared distance of two samples of unit length that are one but for single precision.
  private static let sameSample = 1e-9

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    var pulls = Matrix<Double>(rows: features.rows, columns: prototypes.classCount)
    for (row, found) in search.nearest(neighbours + 1, to: features).enumerated() {
      let isKnown = found.first.map { $0.squaredDistance < Self.sameSample } ?? false
      let others = found.dropFirst(isKnown ? 1 : 0)
      for neighbour in others.prefix(neighbours) {
        for column in 0..<pulls.columns {
          pulls[row, column] += assignments[neighbour.index, column]
        }
      }
    }
    return (pulls * strength - energies(of: features)).rowSoftmax  // (5)
  }

  /// a, n × C; ∞ for classes without a shot.
  fileprivate func energies(of features: Matrix<Double>) -> Matrix<Double> {
    features.squaredDistances(to: prototypes.means)  // (3)
      .spreading(columns: prototypes.classes, over: prototypes.classCount, filling: .infinity)
  }
}
