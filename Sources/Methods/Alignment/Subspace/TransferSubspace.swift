public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// A subspace that separates the source's classes and in which the domains' densities agree.
///
/// S. Si, D. Tao, B. Geng. "Bregman Divergence-Based Regularization for Transfer Subspace
/// Learning." IEEE Transactions on Knowledge and Data Engineering 22(7), 2010. See
/// `papers/si-2010-tsl.md`.
///
/// ```
/// min over W, WᵀW = I:  F(W) + μ D(W)                                     (1)
/// F = tr(WᵀS_W W) / tr(WᵀS_B W)  (FLDA)  or  −tr(WᵀC_S W) / tr C_S  (PCA)  (2)
/// D = ∫ (p_S − p_T)² / (∫ p_S² + ∫ p_T²) = 1 − 2 T_ST / (T_SS + T_TT)      (3)
/// T_ab = mean over i in a, j in b of  G(z_i − z_j; Σ_a + Σ_b),   z = Wᵀx   (4)
/// G(u; Σ) = |Σ|^(−½) exp(−½ uᵀΣ⁻¹u),
/// Σ_a = C_a + ρ (tr C_a / k) I,   C_a the covariance of domain a's z       (5)
/// ∂T/∂Z_a = −(diag(G1) Z_a − G Z_b) Σ⁻¹ / (n_a n_b),  and for b likewise   (6)
/// ∂T/∂Σ = ½ (Σ⁻¹ M Σ⁻¹ − (Σ_ij G_ij) Σ⁻¹) / (n_a n_b),
/// M = Σ_ij G_ij (z_i − z_j)(z_i − z_j)ᵀ                                   (7)
/// W = A (AᵀA)^(−½),   ∂f/∂A = (I − WWᵀ) ∂f/∂W (AᵀA)^(−½)                   (8)
/// ```
///
/// p_S and p_T are the kernel density estimates of the domains in the subspace. (1) depends on the
/// span of W alone, which makes (8) the whole gradient. L-BFGS starts from the minimum of F: the
/// discriminant or principal directions.
///
/// - Complexity: O(n d min(n, d)) for the leading principal components of both domains, in which
///   the rest is done; O(m² k) an iteration for m = `samples` of each domain.
/// - Deviations: (3) is the paper's divergence relative to the densities' own squares; the paper's
///   own is a volume's inverse, which in many dimensions no μ could weigh against F. PCA's F is
///   relative to the whole variance. With FLDA k is at most the classes less one.
public struct TransferSubspace: TransductiveMethod {
  /// What the subspace is for.
  public enum Base: String, ParameterChoice {
    /// Fisher's discriminant of the source's classes.
    case discriminant
    /// The source's variance.
    case principal
  }

  /// What the subspace is for.
  public var base = Base.discriminant
  /// k.
  public var components = 10
  /// μ.
  public var strength = 1.0
  /// ρ.
  public var shrinkage = 0.01
  /// The leading principal components of both domains in which W is sought.
  public var ambient = 100
  /// The most steps of L-BFGS.
  public var iterations = 30
  /// The most samples of a domain that (3) is measured on.
  public var samples = 300
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "tsl", title: "Transfer subspace learning", family: .alignment(.subspace),
    paper: "si-2010-tsl")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .choice(
      "base", \.base, help: "F: Fisher's discriminant of the source, or the source's variance."),
    .integer(
      "components", \.components, in: 1...10_000, grid: [2, 5, 10, 20],
      help: "k, the dimensions of the subspace; with the discriminant at most classes less one."),
    .real(
      "strength", \.strength, in: 0...1e6, grid: [0, 0.1, 1, 10],
      help: "μ, what the divergence counts against F."),
    .real(
      "shrinkage", \.shrinkage, in: 1e-6...1, grid: [1e-3, 1e-2, 0.1],
      help: "ρ, the share of the mean variance added to each kernel's covariance."),
    .integer(
      "ambient", \.ambient, in: 1...10_000, grid: [20, 50, 100, 200],
      help: "Principal components of both domains in which the subspace is sought."),
    .integer(
      "iterations", \.iterations, in: 0...100_000, grid: [0, 10, 30, 100],
      help: "The most steps of L-BFGS; 0 leaves the subspace of F."),
    .integer(
      "samples", \.samples, in: 2...1_000_000, grid: [100, 300, 1000], isTuned: false,
      help: "The most samples of a domain that the divergence is measured on."),
    .choice("learner", \.learner, help: "Classifier fitted on the source in the subspace."),
  ]

  /// Finds the subspace and fits the learner in it.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let pooled = source.features.appending(rows: target.features)
    let axes = try MethodError.learning { () throws(LearnerError) in
      try PrincipalComponents.fit(pooled, count: min(ambient, min(pooled.rows, pooled.columns)))
    }
    guard axes.count > 0 else {
      return MappedClassifier(try learner.fit(source, key: key.child("learner")))
    }
    let inside = source.with(features: axes.project(source.features))
    let goal = SubspaceGoal(inside, base: base)
    let dimensions = min(components, goal.largestDimension)
    let start = try MethodError.step("subspace") { () throws(LinearAlgebraError) in
      try goal.directions(dimensions)
    }
    let problem = SubspaceProblem(
      goal: goal, source: inside.thinned(to: samples, key: key.child("source")).features,
      target: axes.project(target.thinned(to: samples, key: key.child("target")).features),
      strength: strength, shrinkage: shrinkage, dimensions: dimensions)
    var solver = LBFGS()
    solver.maximumIterations = strength > 0 ? iterations : 0
    let minimum = solver.minimum(from: start.elements, of: problem.value)
    let found = minimum.value.isFinite ? minimum.point : start.elements
    let basis = try MethodError.step("subspace") { () throws(LinearAlgebraError) in
      try Matrix(rows: axes.count, columns: dimensions, elements: found).orthonormalized().basis
    }
    let directions = axes.components * basis
    let mean = axes.mean
    let map: @Sendable (Matrix<Double>) -> Matrix<Double> = {
      $0.subtracting(row: mean) * directions
    }
    return MappedClassifier(
      try learner.fit(source.with(features: map(source.features)), key: key.child("learner")),
      map: map)
  }
}

/// F of (2) on the source, r features.
struct SubspaceGoal {
  /// S_W or C_S.
  private let above: Matrix<Double>
  /// S_B; nil for the variance.
  private let below: Matrix<Double>?
  /// The most directions that F tells apart.
  let largestDimension: Int

  /// The goal; that of the variance where the classes' means are one.
  init(_ source: LabelledSample, base: TransferSubspace.Base) {
    let features = source.features
    let centred = features.centred
    let total = centred.gram * (1 / Double(features.rows))
    let present = (0..<source.classCount).filter { source.labels.contains($0) }
    var means = Matrix<Double>(rows: features.rows, columns: features.columns)
    for label in present {
      let rows = source.labels.indices.filter { source.labels[$0] == label }
      let mean = centred.selecting(rows: rows).columnMeans
      for row in rows {
        for column in mean.indices { means[row, column] = mean[column] }
      }
    }
    let between = means.gram * (1 / Double(features.rows))
    if base == .discriminant, between.trace > 1e-12 * total.trace {
      above = total - between
      below = between
      largestDimension = min(features.columns, present.count - 1)
    } else {
      above = total
      below = nil
      largestDimension = features.columns
    }
  }

  /// The k best directions of F alone, r × k.
  func directions(_ count: Int) throws(LinearAlgebraError) -> Matrix<Double> {
    guard let below else { return try above.symmetricEigen(.largest(count)).vectors }
    let level = (above.trace + below.trace) / Double(above.rows)
    return try below.symmetricEigen(
      relativeTo: above.adding(diagonal: 1e-3 * level), .largest(count)
    ).vectors
  }

  /// F, and its gradient in W.
  func value(_ basis: Matrix<Double>) -> (value: Double, slope: Matrix<Double>) {
    let image = above * basis
    let upper = basis.zip(image) { $0 * $1 }.elements.reduce(0, +)
    guard let below else {
      let whole = max(above.trace, .leastNormalMagnitude)
      return (-upper / whole, image * (-2 / whole))  // (2)
    }
    let otherImage = below * basis
    let lower = basis.zip(otherImage) { $0 * $1 }.elements.reduce(0, +)
    return (
      upper / lower, image * (2 / lower) - otherImage * (2 * upper / (lower * lower))  // (2)
    )
  }
}

/// The objective (1) in A.
struct SubspaceProblem {
  let goal: SubspaceGoal
  /// Samples of both domains, r features.
  let source: Matrix<Double>
  let target: Matrix<Double>
  /// μ.
  let strength: Double
  /// ρ.
  let shrinkage: Double
  /// k.
  let dimensions: Int

  /// (1) at A, r × k in row-major order, and its gradient there; not a number where A has lost
  /// a dimension.
  func value(_ point: [Double], _ gradient: inout [Double]) -> Double {
    let matrix = Matrix(rows: source.columns, columns: dimensions, elements: point)
    guard let (basis, root) = try? matrix.orthonormalized() else { return .nan }  // (8)
    let (goalValue, goalSlope) = goal.value(basis)
    guard let (divergence, slope) = try? divergence(basis) else { return .nan }
    let whole = goalSlope + slope * strength
    let along = basis * basis.multiplied(by: whole, transposingSelf: true)
    gradient = ((whole - along) * root).elements  // (8)
    return goalValue + strength * divergence  // (1)
  }

  /// D, and its gradient in W.
  private func divergence(
    _ basis: Matrix<Double>
  ) throws(LinearAlgebraError) -> (value: Double, slope: Matrix<Double>) {
    let (left, right) = (source * basis, target * basis)
    let (leftSpread, rightSpread) = (spread(left), spread(right))
    let cross = try Overlap(left, right, leftSpread + rightSpread, level: nil)
    let ownLeft = try Overlap(left, left, leftSpread * 2, level: cross.level)
    let ownRight = try Overlap(right, right, rightSpread * 2, level: cross.level)
    let sum = ownLeft.value + ownRight.value
    let (crossWeight, ownWeight) = (-2 / sum, 2 * cross.value / (sum * sum))
    let leftSlope =
      cross.leftSlope * crossWeight + (ownLeft.leftSlope + ownLeft.rightSlope) * ownWeight
      + spreadSlope(left, cross.spreadSlope * crossWeight + ownLeft.spreadSlope * (2 * ownWeight))
    let rightSlope =
      cross.rightSlope * crossWeight + (ownRight.leftSlope + ownRight.rightSlope) * ownWeight
      + spreadSlope(
        right, cross.spreadSlope * crossWeight + ownRight.spreadSlope * (2 * ownWeight))
    return (
      1 - 2 * cross.value / sum,  // (3)
      source.multiplied(by: leftSlope, transposingSelf: true)
        + target.multiplied(by: rightSlope, transposingSelf: true)
    )
  }

  /// Σ_a of (5); a trace of the identity keeps it regular where nothing varies.
  private func spread(_ samples: Matrix<Double>) -> Matrix<Double> {
    let covariance = samples.covariance(.population)
    let ridge = shrinkage * covariance.trace / Double(dimensions)  // (5)
    return covariance.adding(diagonal: ridge + floor)
  }

  private var floor: Double {
    let squares = source.frobeniusNorm * source.frobeniusNorm / Double(max(source.rows, 1))
    return squares > 0 ? 1e-12 * squares : 1
  }

  /// What a gradient in Σ_a is in the samples.
  private func spreadSlope(_ samples: Matrix<Double>, _ slope: Matrix<Double>) -> Matrix<Double> {
    let whole = slope.adding(diagonal: shrinkage * slope.trace / Double(dimensions))
    return samples.centred * whole * (2 / Double(samples.rows))
  }
}

/// T of (4) between two samples, with its gradients.
private struct Overlap {
  let value: Double
  let leftSlope: Matrix<Double>
  let rightSlope: Matrix<Double>
  let spreadSlope: Matrix<Double>
  /// log |Σ|, or that given: T is relative to |Σ|^(−½) of it.
  let level: Double

  init(
    _ left: Matrix<Double>, _ right: Matrix<Double>, _ spread: Matrix<Double>, level: Double?
  ) throws(LinearAlgebraError) {
    let factor = try spread.cholesky()
    let inverse = factor.inverse()
    let whitening = try spread.inverseSquareRoot()
    self.level = level ?? factor.logDeterminant
    let volume = exp(0.5 * (self.level - factor.logDeterminant))
    let scale = volume / Double(left.rows * right.rows)
    let kernel = (left * whitening).squaredDistances(to: right * whitening)
      .exponential(scaledBy: -0.5)
    let (leftSums, rightSums) = (kernel.rowSums, kernel.columnSums)
    let total = leftSums.reduce(0, +)
    value = scale * total  // (4)
    let pulledLeft = left.scaled(rows: leftSums) - kernel * right
    let pulledRight =
      right.scaled(rows: rightSums) - kernel.multiplied(by: left, transposingSelf: true)
    leftSlope = pulledLeft * inverse * (-scale)  // (6)
    rightSlope = pulledRight * inverse * (-scale)
    let moments =
      left.multiplied(by: pulledLeft, transposingSelf: true)
      + right.multiplied(by: pulledRight, transposingSelf: true)
    spreadSlope = (inverse * moments * inverse - inverse * total) * (0.5 * scale)  // (7)
  }
}

extension Matrix<Double> {
  /// W = A (AᵀA)^(−½), and the root.
  func orthonormalized() throws(LinearAlgebraError) -> (
    basis: Matrix<Double>, root: Matrix<Double>
  ) {
    let root = try gram.inverseSquareRoot()
    return (self * root, root)
  }
}
