import LinearAlgebra
public import Parameters
import Randomness

/// What the features are whose discrepancy TCA and JDA lessen.
public enum FeatureForm: String, ParameterChoice {
  /// F = X Xᵀ: the linear kernel.
  case kernel
  /// F = X: the features themselves.
  case primal
  /// F_ij = exp(−γ ‖x_i − x_j‖²), γ by the median heuristic.
  case rbfKernel = "rbf-kernel"
}

/// A sample written as F = P Qᵀ with orthonormal Q, so that problems in F shrink to P's size.
///
/// ```
/// kernel, d < n:    Xᵀ X = V Σ² Vᵀ,   T = V Σ,   P = X T = U Σ²           (1)
/// kernel, d ≥ n:    T = Xᵀ,           P = X T = X Xᵀ                      (2)
/// primal, d ≤ n:    T = I,            P = X                              (3)
/// primal, d > n:    X Xᵀ = U Σ² Uᵀ,   T = Xᵀ U Σ⁻¹,   P = X T = U Σ        (4)
/// rbf-kernel:       P = K(X, X)                                          (5)
/// ```
///
/// A vector a that solves an eigenproblem in F lies in the span of Q, a = Q b, with
/// ‖a‖ = ‖b‖ and F a = P b. A new sample x embeds as (x T) b, or K(x, X) b.
struct ReducedFeatures: Sendable {
  /// Takes new samples, m × d, and vectors b, r × k, to their embedding, m × k.
  typealias Embedding = @Sendable (Matrix<Double>, Matrix<Double>) -> Matrix<Double>

  /// P, n × r with r ≤ min(n, d) for the linear forms.
  let rows: Matrix<Double>
  /// Embeds new samples; kernels come in blocks of their rows.
  let embed: Embedding

  init(_ features: Matrix<Double>, form: FeatureForm) throws(LinearAlgebraError) {
    let (count, dimensions) = (features.rows, features.columns)
    let basis: Matrix<Double>
    switch form {
    case .kernel where dimensions < count:
      let eigen = try features.gram.symmetricEigen()
      basis = eigen.vectors.scaled(columns: eigen.values.map { max($0, 0).squareRoot() })  // (1)
    case .kernel:
      rows = features.outerGram  // (2)
      embed = { KernelFunction.linear.product($0, features, $1) }
      return
    case .primal where dimensions <= count:
      rows = features  // (3)
      embed = { $0 * $1 }
      return
    case .primal:
      let eigen = try features.outerGram.symmetricEigen()
      let floor = (eigen.values.last ?? 0) * Double(dimensions) * .ulpOfOne
      basis =
        features.multiplied(by: eigen.vectors, transposingSelf: true)
        .scaled(columns: eigen.values.map { $0 > floor ? 1 / $0.squareRoot() : 0 })  // (4)
    case .rbfKernel:
      let kernel = KernelFunction<Double>.rbf(gamma: KernelWidth.medianGamma(features))
      rows = kernel.matrix(features)  // (5)
      embed = { kernel.product($0, features, $1) }
      return
    }
    rows = features * basis
    embed = { $0 * basis * $1 }
  }

  private init(rows: Matrix<Double>, embed: @escaping Embedding) {
    self.rows = rows
    self.embed = embed
  }

  /// A kernel form through at most that many landmarks; 0 asks for the kernel itself.
  ///
  /// F = Φ Φᵀ with Φ of `KernelLandmarks`, which (1) then takes for X. A linear kernel of no more
  /// columns than landmarks is exact at less cost and stays itself, as do the features themselves.
  init(
    _ features: Matrix<Double>, form: FeatureForm, landmarks: Int, key: RandomKey
  ) throws(LinearAlgebraError) {
    let isSmall = form == .kernel && features.columns <= landmarks
    guard form != .primal, !isSmall, (1..<features.rows).contains(landmarks) else {
      try self.init(features, form: form)
      return
    }
    let map = try KernelLandmarks(
      form == .kernel ? .linear : .rbf(gamma: KernelWidth.medianGamma(features)),
      among: features, count: landmarks, key: key)
    let reduced = try ReducedFeatures(map.features(of: features), form: .kernel)
    let embed = reduced.embed
    self.init(rows: reduced.rows) { embed(map.features(of: $0), $1) }
  }
}

/// Directions of much variance along which source and target differ little.
///
/// ```
/// M = E Eᵀ / ‖E Eᵀ‖_F                                                    (6)
/// (Pᵀ H P) b = ρ (Pᵀ M P + λI) b   for the k largest ρ                   (7)
/// Pᵀ M P = W Σ² Wᵀ                                                       (8)
/// (Pᵀ M P + λI)^(−1/2) = λ^(−1/2) (I − W G Wᵀ),  G = I − (λ / (λ + Σ²))^(1/2)  (9)
/// ```
///
/// The columns of E weigh the samples so that Eᵀ P are differences of means: n × m with m of the
/// order of the number of classes. (9) turns (7) into a standard symmetric problem without a
/// factorisation that could fail, however small λ is beside the data.
///
/// Pᵀ H P is kept where P is thin. Else it is made anew for each E, since beside P it takes the place
/// of the problem that is solved in it: two n × n matrices in all.
///
/// - Complexity: O(r² n) once or for each E; O(r n m + r³) for each E.
struct DiscrepancyProjection: Sendable {
  private let rows: Matrix<Double>
  private let scales: [Double]?
  private let scatter: Matrix<Double>?
  private let regularization: Double
  private let components: Int

  /// The problem for P = rows · diag(scales), or for the rows as they are.
  init(
    _ rows: Matrix<Double>, scales: [Double]? = nil, regularization: Double, components: Int
  ) {
    self.rows = rows
    self.scales = scales
    self.regularization = regularization
    self.components = components
    let (count, order) = (rows.rows, rows.columns)
    let isThin = scales == nil && 2 * count * order + order * order <= 2 * count * count
    scatter = isThin ? rows.centred.gram : nil
  }

  /// The unit vectors b, r × k, by descending ρ.
  func directions(
    lessening differences: Matrix<Double>
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    let norm = differences.gram.frobeniusNorm
    let scale = norm > 0 ? 1 / norm.squareRoot() : 0
    var meanDifferences = rows.multiplied(by: differences, transposingSelf: true) * scale  // (6)
    if let scales { meanDifferences = meanDifferences.scaled(rows: scales) }
    let low = try meanDifferences.singularValues()  // (8)
    let shrinkage = low.values.map {
      1 - (regularization / (regularization + $0 * $0)).squareRoot()
    }
    /// A W G
    func shrunk(_ matrix: Matrix<Double>) -> Matrix<Double> {
      (matrix * low.left).scaled(columns: shrinkage)
    }
    // The problem is made in the scatter's place and solved there.
    var problem = scatter ?? rows.scatter(scalingColumns: scales)
    problem.add(low.left, timesTransposeOf: shrunk(problem), scaledBy: -1)  // (9)
    problem.add(shrunk(problem), timesTransposeOf: low.left, scaledBy: -1)  // (9)
    let eigen = try (consume problem).symmetricEigen(.largest(components))  // (7)
    var vectors = eigen.vectors.transposed
    vectors.add(shrunk(vectors), timesTransposeOf: low.left, scaledBy: -1)  // (9)
    return vectors.rowsNormalized.transposed
  }
}
