import Learners
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
/// kernel, d below n:   Xᵀ X = V Σ² Vᵀ,   T = V Σ,   P = X T = U Σ²        (1)
/// kernel, otherwise:   T = Xᵀ,           P = X T = X Xᵀ                   (2)
/// primal:              T = I,            P = X                           (3)
/// rbf-kernel:          P = K(X, X)                                       (4)
/// ```
///
/// (1) needs room for four d × d matrices. Of large samples it stands where 2d ≤ n, so that this is no
/// more than one n × n matrix.
///
/// A vector a that solves an eigenproblem in F lies in the span of Q, a = Q b, with
/// ‖a‖ = ‖b‖ and F a = P b. A new sample x embeds as (x T) b, or K(x, X) b.
struct ReducedFeatures: Sendable {
  /// Takes new samples, m × d, and vectors b, r × k, to their embedding, m × k.
  typealias Embedding = @Sendable (Matrix<Double>, Matrix<Double>) -> Matrix<Double>

  /// P, n × r.
  let rows: Matrix<Double>
  /// Embeds new samples; kernels come in blocks of their rows.
  let embed: Embedding

  init(_ features: Matrix<Double>, form: FeatureForm) throws(LinearAlgebraError) {
    let (count, dimensions) = (features.rows, features.columns)
    let basis: Matrix<Double>
    switch form {
    case .kernel where columnSideIsSmaller(dimensions, of: count):
      let eigen = try features.gram.symmetricEigen()
      basis = eigen.vectors.scaled(columns: eigen.values.map { max($0, 0).squareRoot() })  // (1)
    case .kernel:
      rows = features.outerGram  // (2)
      embed = { KernelFunction.linear.product($0, features, $1) }
      return
    case .primal:
      rows = features  // (3)
      embed = { $0 * $1 }
      return
    case .rbfKernel:
      let kernel = KernelFunction<Double>.rbf(gamma: KernelWidth.medianGamma(features))
      rows = kernel.matrix(features)  // (4)
      embed = { kernel.product($0, features, $1) }
      return
    }
    rows = features * basis
    embed = { $0 * (basis * $1) }
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

/// Whether problems in a linear kernel of samples are solved on the side of their columns.
func columnSideIsSmaller(_ columns: Int, of rows: Int) -> Bool {
  columns < rows && (2 * columns <= rows || rows < 2000)
}

/// Directions of much variance along which source and target differ little.
///
/// ```
/// M = E Eᵀ / ‖E Eᵀ‖_F                                                    (6)
/// (Pᵀ H P) b = ρ (Pᵀ M P + λI) b   for the k largest ρ, k ≤ min(n, r)     (7)
/// Pᵀ M P = W Σ² Wᵀ                                                       (8)
/// (Pᵀ M P + λI)^(−1/2) = λ^(−1/2) R,   R = I − W G Wᵀ,   G = I − (λ / (λ + Σ²))^(1/2)  (9)
/// R PᵀHP R c = λρ c,   b = R c / ‖R c‖                                    (10)
/// ```
///
/// The columns of E weigh the samples so that Eᵀ P are differences of means: n × m with m of the
/// order of the number of classes. (9) turns (7) into a standard symmetric problem without a
/// factorisation that could fail, however small λ is beside the data.
///
/// Few vectors of a large problem are found by `BlockLanczos` from products with P and its transpose,
/// or with Pᵀ H P where P is thin. The others, and those that need too many products, come from the
/// matrix of (10). Pᵀ H P is then made anew for each E unless P is thin, since beside P it takes the
/// place of the problem that is solved in it: two matrices of order max(n, r) in all.
///
/// - Complexity: O(r² n) once or for each E; O(r n m + r³) for each E. By products O(n r k) a step.
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
    self.components = min(components, rows.rows)
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
    let removal = Removal(axes: low.left, shares: shrinkage)
    var vectors = try leading(removal).transposed  // (10)
    vectors.add(vectors * removal.scaledAxes, timesTransposeOf: low.left, scaledBy: -1)  // (9)
    return vectors.rowsNormalized.transposed
  }

  /// R of (9).
  private struct Removal {
    /// W, r × m.
    let axes: Matrix<Double>
    /// W G.
    let scaledAxes: Matrix<Double>

    init(axes: Matrix<Double>, shares: [Double]) {
      self.axes = axes
      scaledAxes = axes.scaled(columns: shares)
    }

    /// R A, for A of r rows.
    func applied(to values: Matrix<Double>) -> Matrix<Double> {
      values - scaledAxes * axes.multiplied(by: values, transposingSelf: true)
    }
  }

  /// c of (10), r × k.
  private func leading(_ removal: Removal) throws(LinearAlgebraError) -> Matrix<Double> {
    let order = rows.columns
    if BlockLanczos.suits(order: order, count: components) {
      func image(_ values: Matrix<Double>) -> Matrix<Double> {
        removal.applied(to: scattered(removal.applied(to: values)))
      }
      let size = BlockLanczos.spectralSize(order: order, image)
      if size > 0, size.isFinite,
        let found = try BlockLanczos(order: order, multiply: { image($0) * (1 / size) })
          .leading(components)
      {
        return found
      }
    }
    // The problem is made in the scatter's place and solved there.
    var problem = scatter ?? rows.scatter(scalingColumns: scales)
    problem.add(removal.axes, timesTransposeOf: problem * removal.scaledAxes, scaledBy: -1)  // (9)
    problem.add(problem * removal.scaledAxes, timesTransposeOf: removal.axes, scaledBy: -1)  // (9)
    return try (consume problem).symmetricEigen(.largest(components)).vectors
  }

  /// Pᵀ H P times values of r rows.
  private func scattered(_ values: Matrix<Double>) -> Matrix<Double> {
    if let scatter { return scatter * values }
    let images = rows * (scales.map { values.scaled(rows: $0) } ?? values)
    let sums = rows.multiplied(
      by: images.subtracting(row: images.columnMeans), transposingSelf: true)
    return scales.map { sums.scaled(rows: $0) } ?? sums
  }
}
