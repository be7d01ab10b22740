public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Transfer joint matching: transfer components to which dissimilar source samples add little.
///
/// M. Long, J. Wang, G. Ding, J. Sun, P. S. Yu. "Transfer Joint Matching for Unsupervised Domain
/// Adaptation." CVPR 2014. See `papers/long-2014-tjm.md`.
///
/// ```
/// min over A:  tr(AᵀKMKA) + λ (‖A_S‖_2,1 + ‖A_T‖²_F)   with AᵀKHKA = I     (1)
/// M = e eᵀ / ‖e eᵀ‖_F,   e_i = 1/n_S in the source, −1/n_T in the target  (2)
/// (KHK) a = ρ (KMK + λG) a   for the k largest ρ, ‖a‖ = 1                  (3)
/// G_ii = 1 / (2‖A_i‖) in the source, 1 in the target                     (4)
/// z = (K a_1, …, K a_k) / ‖…‖                                            (5)
/// ```
///
/// K is a kernel of source and target with every sample scaled to unit length, A_i is row i of A:
/// the part of sample i. (3) and (4) alternate, from G = I. With a = G^(−½) u, (3) is the problem of
/// `DiscrepancyProjection` for F = K G^(−½); where K = X Xᵀ and d is below n, it is solved in the span
/// of the data:
///
/// ```
/// Xᵀ G⁻¹ X = V Σ² Vᵀ,   P = X V Σ,   u = G^(−½) P Σ⁻² b                    (6)
/// (PᵀHP) b = ρ (PᵀMP + λI) b                                             (7)
/// ```
///
/// - Complexity: O(rounds (n r² + r³)), r = min(n, d) for the linear kernel, n for the Gaussian. At
///   most two n × n matrices.
/// - Deviations: the norm in (2) and the unit lengths are those of the authors' programs; see the
///   note.
public struct TransferJointMatching: TransductiveMethod {
  /// k.
  public var components = 20
  /// λ.
  public var regularization = 1.0
  /// How often G is found anew.
  public var rounds = 10
  /// K.
  public var kernel = SampleKernel.linear
  /// How many landmarks stand for the Gaussian kernel; 0 for the kernel itself.
  public var landmarks = 0
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "tjm", title: "Transfer joint matching", family: .alignment(.subspace),
    paper: "long-2014-tjm", version: 2)

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
      help: "How often components and samples' weights alternate; 1 weighs all samples alike."),
    .choice("kernel", \.kernel, help: "K: linear, or Gaussian by the median heuristic."),
    .integer(
      "landmarks", \.landmarks, in: 0...100_000, grid: [0, 100, 300, 1000], isTuned: false,
      help: "Samples that stand for the Gaussian kernel; 0 for the kernel itself."),
    .choice("learner", \.learner, help: "Classifier fitted on the embedded source."),
  ]

  /// Alternates between components and samples' weights, and fits the learner on the source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let matched = try match(
      source: source.features, target: target.features, key: key.child("landmarks"))
    let classifier = try learner.fit(
      source.with(features: matched.embed(source.features)), key: key.child("learner"))
    return MappedClassifier(classifier) { matched.embed($0) }
  }

  /// The samples' coefficients A, and the embedding that they make.
  func match(
    source: Matrix<Double>, target: Matrix<Double>, key: RandomKey
  ) throws(MethodError) -> MatchedKernel {
    var samples = source.appending(rows: target).rowsNormalized
    var function: KernelFunction<Double> =
      kernel == .linear ? .linear : .rbf(gamma: KernelWidth.medianGamma(samples))
    var map: KernelLandmarks?
    if kernel == .rbf, (1..<samples.rows).contains(landmarks) {
      let found = try MethodError.step("landmarks") { () throws(LinearAlgebraError) in
        try KernelLandmarks(function, among: samples, count: landmarks, key: key)
      }
      (samples, function, map) = (found.features(of: samples), .linear, found)
    }
    let isThin =
      function == .linear && columnSideIsSmaller(samples.columns, of: samples.rows)
    let (points, similarity) = (samples, function)
    let whole = isThin ? nil : similarity.matrix(points)
    let difference = Matrix(
      rows: points.rows, columns: 1,
      elements: marginalDifference(sources: source.rows, targets: target.rows))  // (2)
    return try MethodError.step("joint matching") { () throws(LinearAlgebraError) in
      var inverse = [Double](repeating: 1, count: points.rows)
      var coefficients = Matrix<Double>(rows: points.rows, columns: 0)
      for _ in 0..<rounds {
        coefficients = try directions(points, whole, inverse, difference)
          .transposed.rowsNormalized.transposed  // (3)
        let sizes = coefficients.rowSquaredNorms.prefix(source.rows).map { $0.squareRoot() }
        for (index, size) in sizes.enumerated() { inverse[index] = 2 * size }  // (4)
      }
      return MatchedKernel(
        map: map, samples: points, function: similarity, coefficients: coefficients)
    }
  }

  /// The solutions a of (3), n × k, for the diagonal of G⁻¹.
  private func directions(
    _ samples: Matrix<Double>, _ whole: Matrix<Double>?, _ inverse: [Double],
    _ difference: Matrix<Double>
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    let roots = inverse.map { $0.squareRoot() }
    if let whole {
      return try solve(whole, scales: roots, difference).scaled(rows: roots)
    }
    let eigen = try samples.scaled(rows: roots).gram.symmetricEigen()
    let squares = eigen.values.map { max($0, 0) }
    let floor = (squares.last ?? 0) * Double(samples.columns) * .ulpOfOne
    let rows = samples * eigen.vectors.scaled(columns: squares.map { $0.squareRoot() })  // (6)
    let spread = try solve(rows, difference)
      .scaled(rows: squares.map { $0 > floor ? 1 / $0 : 0 })
    return (rows * spread).scaled(rows: inverse)
  }

  private func solve(
    _ rows: Matrix<Double>, scales: [Double]? = nil, _ difference: Matrix<Double>
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    try DiscrepancyProjection(
      rows, scales: scales, regularization: regularization, components: components
    ).directions(lessening: difference)  // (7)
  }
}

/// The kernels between samples that can be chosen.
public enum SampleKernel: String, ParameterChoice {
  /// xᵀy.
  case linear
  /// exp(−γ ‖x − y‖²), γ by the median heuristic.
  case rbf
}

/// An embedding by a kernel with all samples.
struct MatchedKernel: Sendable {
  /// What gives samples of unit length the columns of `samples`; nil where those are their own.
  let map: KernelLandmarks?
  let samples: Matrix<Double>
  let function: KernelFunction<Double>
  /// A, n × k.
  let coefficients: Matrix<Double>

  /// Z of any samples, each row of unit length.
  func embed(_ features: Matrix<Double>) -> Matrix<Double> {
    let unit = features.rowsNormalized
    let scaled = map?.features(of: unit) ?? unit
    if function == .linear {
      return (scaled * samples.multiplied(by: coefficients, transposingSelf: true)).rowsNormalized
    }
    return function.product(scaled, samples, coefficients).rowsNormalized  // (5)
  }
}
