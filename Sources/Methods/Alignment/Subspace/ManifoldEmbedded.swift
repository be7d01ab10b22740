public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Manifold embedded distribution alignment: a kernel classifier that aligns as it learns.
///
/// J. Wang, W. Feng, Y. Chen, H. Yu, M. Huang, P. S. Yu. "Visual Domain Adaptation with Manifold
/// Embedded Distribution Alignment." ACM Multimedia 2018. See `papers/wang-2018-meda.md`.
///
/// ```
/// z = Mᵀx / ‖Mᵀx‖   with the geodesic flow kernel G = M Mᵀ                (1)
/// K_ij = exp(−½ ‖z_i − z_j‖²),   f(x) = Σ_i α_i K(x_i, x)                   (2)
/// min over α:  ‖(Y − Kα)_S‖² + η tr(αᵀKα) + tr(αᵀK (λM + ρL) Kα)           (3)
/// M = E Eᵀ / ‖E Eᵀ‖_F,   E Eᵀ = (1 − μ) C M_0 + μ Σ_c M_c                  (4)
/// L = I − D^(−½) W D^(−½),   W_ij = cos(z_i, z_j) among p neighbours        (5)
/// ((I_S + λM + ρL) K + ηI) α = I_S Y                                      (6)
/// ŷ = argmax_c f_c of the target, back to (4)                            (7)
/// μ = d̄_c / (d̄_c + d_M)   from proxy A-distances, where it is estimated   (8)
/// ```
///
/// I_S keeps the source's rows, Y holds their classes by indicator, M_0 and M_c are JDA's. The
/// first ŷ come from the learner on (1). Only M, of rank C + 1, changes between rounds, so the
/// rest of (6) is factored once:
///
/// ```
/// B = (I_S + ρL) K + ηI,   Q = B⁻¹E,   y = B⁻¹ I_S Y                       (9)
/// α = y − λ Q (I + λ EᵀK Q)⁻¹ EᵀK y                                        (10)
/// ```
///
/// With `landmarks`, f(x) = wᵀΦ(x) with Φ of `KernelLandmarks`, and (6) becomes r × r:
///
/// ```
/// (Φᵀ(I_S + λM + ρL)Φ + ηI) w = ΦᵀI_S Y                                  (11)
/// ```
///
/// - Complexity: O(n d min(n, d) + n³) once, O(n² C) a round; two n × n matrices. With m landmarks
///   O(n² k + n m² + m³).
/// - Deviations: μ is a parameter, ½ by default, where the paper estimates it; the learner that
///   gives the first ŷ is one, too. Negative cosines count as 0. Class probabilities are the
///   scores f, raised to be at least 0, by their sum. Rounds end early where ŷ no longer changes.
public struct ManifoldEmbedded: TransductiveMethod {
  /// k, the dimension of the subspaces between which the kernel flows.
  public var components = 20
  /// λ.
  public var alignment = 10.0
  /// η.
  public var shrinkage = 0.1
  /// ρ.
  public var smoothness = 1.0
  /// p.
  public var neighbours = 10
  /// μ.
  public var balance = 0.5
  /// How many landmarks stand for the kernel; 0 for the kernel itself.
  public var landmarks = 0
  /// Whether μ is estimated in each round.
  public var estimatesBalance = false
  /// T.
  public var rounds = 10
  /// Gives the first labels of the target.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "meda", title: "Manifold embedded distribution alignment",
    family: .alignment(.subspace), paper: "wang-2018-meda", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "components", \.components, in: 1...10_000, grid: [10, 20, 50],
      help: "k, the principal axes of each domain; at most as many as there are."),
    .real(
      "alignment", \.alignment, in: 0...1e6, grid: [0.1, 1, 10, 100],
      help: "λ, the weight of the domains' discrepancy."),
    .real(
      "shrinkage", \.shrinkage, in: 1e-6...1e6, grid: [0.01, 0.1, 1],
      help: "η, the penalty on the classifier's norm."),
    .real(
      "smoothness", \.smoothness, in: 0...1e6, grid: [0, 0.1, 1, 10],
      help: "ρ, the weight of the neighbour graph."),
    .integer(
      "neighbours", \.neighbours, in: 1...1000, grid: [5, 10, 20],
      help: "p, the neighbours of each sample in the graph."),
    .real(
      "balance", \.balance, in: 0...1, grid: [0, 0.25, 0.5, 0.75, 1],
      help: "μ, the weight of the classes' discrepancies against the whole domains'."),
    .flag(
      "estimatesBalance", \.estimatesBalance,
      help: "Whether μ is estimated in each round by proxy A-distances."),
    .integer(
      "landmarks", \.landmarks, in: 0...100_000, grid: [0, 100, 300, 1000], isTuned: false,
      help: "Samples that stand for the kernel; 0 for the kernel itself."),
    .integer(
      "rounds", \.rounds, in: 1...1000, grid: [1, 5, 10, 20],
      help: "T, how often the target is labelled anew."),
    .choice("learner", \.learner, help: "Classifier that gives the target's first labels."),
  ]

  /// Alternates between the kernel classifier and the target's labels.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    var subspaces = GeodesicFlowKernel()
    subspaces.components = components
    let flow = try subspaces.flow(from: source, to: target)
    let embedded = source.with(features: flow.features(of: source.features).rowsNormalized)
    let embeddedTarget = flow.features(of: target.features).rowsNormalized  // (1)
    let samples = embedded.features.appending(rows: embeddedTarget)
    let first = try learner.fit(embedded, key: key.child("learner"))
    var labels = Predictions(probabilities: first.probabilities(of: embeddedTarget)).classes
    let measured =
      estimatesBalance
      ? try DistributionBalance(source: embedded, target: embeddedTarget, key: key.child("balance"))
      : nil
    let kernel = KernelFunction<Double>.rbf(gamma: 0.5)
    var map: KernelLandmarks?
    if (1..<samples.rows).contains(landmarks) {
      map = try MethodError.step("landmarks") { () throws(LinearAlgebraError) in
        try KernelLandmarks(kernel, among: samples, count: landmarks, key: key.child("landmarks"))
      }
    }
    let scores = { @Sendable [map] (features: Matrix<Double>, coefficients: Matrix<Double>) in
      map.map { $0.features(of: features) * coefficients }
        ?? kernel.product(features, samples, coefficients)
    }
    let system = try AlignedSystem(
      map?.features(of: samples) ?? kernel.matrix(samples), isKernel: map == nil, source: embedded,
      self, samples)
    for round in 1... {
      let balance = try measured?.estimate(targetLabels: labels) ?? balance  // (8)
      let coefficients = try system.coefficients(balance: balance, targetLabels: labels)
      let model = AlignedClassifier(
        scores: scores, coefficients: coefficients,
        classes: (0..<source.classCount).filter { source.labels.contains($0) })
      let mapped = MappedClassifier(model) { flow.features(of: $0).rowsNormalized }
      if round == rounds { return mapped }
      let targetScores = (system.basis * coefficients)
        .selecting(rows: Array(source.count..<samples.rows))
      let next = Predictions(probabilities: model.probabilities(fromScores: targetScores)).classes
      if next == labels { return mapped }
      labels = next  // (7)
    }
    preconditionFailure("There is a last round.")
  }
}

/// The linear system of MEDA, factored once for many labellings of the target.
private struct AlignedSystem {
  /// K, or Φ where landmarks stand for it: f of the samples is this times the coefficients.
  let basis: Matrix<Double>
  private let isKernel: Bool
  private let source: LabelledSample
  private let alignment: Double
  private let factors: LUFactors<Double>
  private let plain: Matrix<Double>

  init(
    _ basis: Matrix<Double>, isKernel: Bool, source: LabelledSample, _ method: ManifoldEmbedded,
    _ samples: Matrix<Double>
  ) throws(MethodError) {
    self.basis = basis
    self.isKernel = isKernel
    self.source = source
    alignment = method.alignment
    let graph = NeighbourGraph(samples, neighbourCount: method.neighbours, loops: true) {
      max(1 - 0.5 * $0, 0)
    }.symmetrized.normalized  // (5)
    var indicators = Matrix<Double>(rows: samples.rows, columns: source.classCount)
    for (row, label) in source.labels.enumerated() { indicators[row, label] = 1 }
    // One matrix from here to the factors, so that there are two n × n ones in all.
    var fixed = weighted(basis, graph, sources: source.count, method.smoothness)
    if !isKernel { fixed = basis.multiplied(by: fixed, transposingSelf: true) }
    for index in 0..<fixed.rows { fixed[index, index] += method.shrinkage }  // (9), (11)
    do {
      factors = try LUFactors(consume fixed)
    } catch {
      throw .linearAlgebra(error, step: "aligned classifier")
    }
    plain = factors.solve(
      isKernel ? indicators : basis.multiplied(by: indicators, transposingSelf: true))
  }

  /// α, n × C, or w, r × C, for labels of the target.
  func coefficients(
    balance: Double, targetLabels: [Int]
  ) throws(MethodError) -> Matrix<Double> {
    let all = MeanDifferences(marginal: 1 - balance, conditional: balance).columns(
      sourceLabels: source.labels, targetLabels: targetLabels, targets: targetLabels.count,
      classCount: source.classCount)
    let norm = all.gram.frobeniusNorm
    let differences = all * (norm > 0 ? (alignment / norm).squareRoot() : 0)  // (4)
    let projected = basis.multiplied(by: differences, transposingSelf: true)
    let solved = factors.solve(isKernel ? differences : projected)
    return try MethodError.step("aligned classifier") { () throws(LinearAlgebraError) in
      let capacitance = projected.multiplied(by: solved, transposingSelf: true)
        .adding(diagonal: 1)
      let inner = try capacitance.solve(
        projected.multiplied(by: plain, transposingSelf: true))
      return plain - solved * inner  // (6), (10)
    }
  }
}

/// (I_S + ρL) times the basis, in the one matrix that the graph's product takes.
private func weighted(
  _ basis: Matrix<Double>, _ graph: NeighbourGraph, sources: Int, _ smoothness: Double
) -> Matrix<Double> {
  var result = graph.multiplied(by: basis)
  let width = basis.columns
  result.elements.withUnsafeMutableBufferPointer { result in
    basis.elements.withUnsafeBufferPointer { basis in
      for row in 0..<basis.count / max(width, 1) {
        let own = smoothness + (row < sources ? 1 : 0)
        for index in row * width..<(row + 1) * width {
          result[index] = own * basis[index] - smoothness * result[index]
        }
      }
    }
  }
  return result
}

/// Scores of classes that are linear in the kernel with all samples, or in Φ.
private struct AlignedClassifier: Classifier {
  let scores: @Sendable (Matrix<Double>, Matrix<Double>) -> Matrix<Double>
  let coefficients: Matrix<Double>
  /// The classes of the source.
  let classes: [Int]

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    probabilities(fromScores: scores(features, coefficients))  // (2)
  }

  /// Shares of the scores above 0, or above the lowest where that is less.
  func probabilities(fromScores scores: Matrix<Double>) -> Matrix<Double> {
    var shares = Matrix<Double>(rows: scores.rows, columns: scores.columns)
    for row in 0..<scores.rows {
      let lowest = classes.reduce(0) { min($0, scores[row, $1]) }
      let sum = classes.reduce(0) { $0 + scores[row, $1] - lowest }
      for label in classes {
        shares[row, label] =
          sum > 0 ? (scores[row, label] - lowest) / sum : 1 / Double(classes.count)
      }
    }
    return shares
  }
}
