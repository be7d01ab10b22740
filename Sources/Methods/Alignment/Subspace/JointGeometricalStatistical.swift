public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Joint geometrical and statistical alignment: one projection a domain, close to each other.
///
/// J. Zhang, W. Li, P. Ogunbona. "Joint Geometrical and Statistical Alignment for Visual Domain
/// Adaptation." CVPR 2017. See `papers/zhang-2017-jgsa.md`.
///
/// ```
/// (A, B) maximises  tr(Wᵀ S_max W) / tr(Wᵀ S_min W),   W = [A; B]          (1)
/// S_max = [β S_b, 0; 0, μ S_t]                                            (2)
/// S_min = [λI + β S_w, −λI; −λI, (λ + μ) I] + F Fᵀ                         (3)
/// F = [X_Sᵀ E_S; X_Tᵀ E_T] / ‖C M_0‖_F^½,   E Eᵀ = C M_0 + Σ_c M_c           (4)
/// S_max w = ρ S_min w   for the k largest ρ, wᵀ S_min w = 1                (5)
/// z = Aᵀx in the source,   z = Bᵀx in the target                         (6)
/// ŷ = the learner's predictions of the target after (6), back to (4)     (7)
/// ```
///
/// Every sample is scaled to unit length. S_t is the target's scatter, S_w and S_b those within and between the source's classes; λ
/// weighs ‖A − B‖², M_0 and M_c are JDA's. (5) is solved without a 2d × 2d matrix. S_max = N Nᵀ with
/// as many columns as the target has samples or dimensions, plus the classes, and D, which is
/// (3) without F, falls into blocks of 2 × 2 along the eigenvectors of S_w:
///
/// ```
/// C_0 = Nᵀ D⁻¹ N,   R = Nᵀ D⁻¹ F                                           (8)
/// (C_0 − R (I + Fᵀ D⁻¹ F)⁻¹ Rᵀ) q = ρ q                                    (9)
/// w = (D⁻¹ N q − D⁻¹ F (I + Fᵀ D⁻¹ F)⁻¹ Rᵀ q) / ρ^½                        (10)
/// D⁻¹ = [(λ + μ) I, λI; λI, λI + β S_w] (λμ I + (λ + μ) β S_w)⁻¹            (11)
/// ```
///
/// - Complexity: O(n d min(n, d) + r³) once, O(r² k + r d C) a round with LAPACK's O(r³) reduction,
///   r = min(n_T, d) + C.
/// - Deviations: linear projections only, the paper's "primal". The unit lengths and the divisor in
///   (4) are those of the authors' program. Rounds end early where the predictions no longer change.
public struct JointGeometricalStatistical: TransductiveMethod {
  /// k.
  public var components = 30
  /// μ.
  public var variance = 1.0
  /// β.
  public var discrimination = 0.1
  /// λ.
  public var closeness = 1.0
  /// T.
  public var rounds = 10
  /// The classifier, which also labels the target in each round.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "jgsa", title: "Joint geometrical and statistical alignment",
    family: .alignment(.subspace), paper: "zhang-2017-jgsa")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .integer(
      "components", \.components, in: 1...10_000, grid: [10, 20, 30, 100],
      help: "k, the dimension of both projections; at most as many as there are."),
    .real(
      "variance", \.variance, in: 1e-6...1e6, grid: [0.1, 1, 10],
      help: "μ, the weight of the target's variance and the penalty on B."),
    .real(
      "discrimination", \.discrimination, in: 0...1e6, grid: [0.01, 0.1, 1],
      help: "β, the weight of the source's classes."),
    .real(
      "closeness", \.closeness, in: 1e-6...1e6, grid: [0.1, 1, 10],
      help: "λ, the penalty on the distance between the two projections."),
    .integer(
      "rounds", \.rounds, in: 1...1000, grid: [1, 5, 10, 20],
      help: "T, how often the target is labelled anew; at first by a learner of the raw source."),
    .choice("learner", \.learner, help: "Classifier fitted on the projected source each round."),
  ]

  /// Alternates between projections and target labels; the last round's learner is the model.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let scaled = source.with(features: source.features.rowsNormalized)
    let scaledTarget = target.features.rowsNormalized
    let problem = try CoupledProjections(
      source: scaled, target: scaledTarget, variance: variance, discrimination: discrimination,
      closeness: closeness, components: components)
    let first = try learner.fit(scaled, key: key.child("learner"))
    var labels = Predictions(probabilities: first.probabilities(of: scaledTarget)).classes
    for round in 1... {
      let projections = try problem.projections(targetLabels: labels)
      let classifier = try learner.fit(
        scaled.with(features: scaled.features * projections.source), key: key.child("learner"))
      let model = MappedClassifier(
        classifier, map: { $0.rowsNormalized * projections.target },
        sourceMap: { $0.rowsNormalized * projections.source })  // (6)
      if round == rounds { return model }
      let next = Predictions(probabilities: model.probabilities(of: target.features)).classes
      if next == labels { return model }
      labels = next  // (7)
    }
    preconditionFailure("There is a last round.")
  }
}

/// The eigenproblem of JGSA, prepared for many labellings of the target.
struct CoupledProjections: Sendable {
  private let source: LabelledSample
  private let target: Matrix<Double>
  private let components: Int
  private let inverse: InverseBlocks
  /// √β of the classes' means about the mean, √n_c each, d × C.
  private let between: Matrix<Double>
  /// √μ of a root of S_t, d × r.
  private let spread: Matrix<Double>
  /// β S_w by eigenvectors, d × q, and eigenvalues.
  private let within: (axes: Matrix<Double>, values: [Double])
  private let core: Matrix<Double>

  init(
    source: LabelledSample, target: Matrix<Double>, variance: Double, discrimination: Double,
    closeness: Double, components: Int
  ) throws(MethodError) {
    self.source = source
    self.target = target
    self.components = components
    let (means, counts) = source.classMeans
    let overall = source.features.columnMeans
    let between = means.subtracting(row: overall)
      .scaled(rows: counts.map { (discrimination * Double($0)).squareRoot() }).transposed  // (2)
    var centred = source.features
    for row in 0..<source.count {
      let mean = means.row(source.labels[row])
      for (column, value) in mean.enumerated() { centred[row, column] -= value }
    }
    let axes = try leadingComponents(centred)
    let freedom = Double(max(source.count - 1, 1))
    let within = (
      axes: axes.components, values: axes.variances.map { discrimination * freedom * $0 }
    )
    let spread: Matrix<Double>
    if target.rows > target.columns {
      let axes = try leadingComponents(target)
      let factor = variance * Double(target.rows - 1)
      spread = axes.components.scaled(columns: axes.variances.map { (factor * $0).squareRoot() })
    } else {
      spread = target.centred.transposed * variance.squareRoot()
    }
    let inverse = InverseBlocks(closeness: closeness, variance: variance)
    let along = (
      between: within.axes.multiplied(by: between, transposingSelf: true),
      spread: within.axes.multiplied(by: spread, transposingSelf: true)
    )
    func form(
      _ function: (Double) -> Double, _ left: Matrix<Double>, _ right: Matrix<Double>,
      _ leftAlong: Matrix<Double>, _ rightAlong: Matrix<Double>
    ) -> Matrix<Double> {
      let factors = within.values.map { function($0) - function(0) }
      return left.multiplied(by: right, transposingSelf: true) * function(0)
        + leftAlong.multiplied(by: rightAlong.scaled(rows: factors), transposingSelf: true)
    }
    let mixed = form(inverse.mixed, between, spread, along.between, along.spread)
    core = form(inverse.source, between, between, along.between, along.between)
      .appending(columns: mixed)
      .appending(
        rows: mixed.transposed.appending(
          columns: form(inverse.target, spread, spread, along.spread, along.spread)))  // (8)
    (self.between, self.spread, self.within, self.inverse) = (between, spread, within, inverse)
  }

  /// A and B, d × k each, for labels of the target.
  func projections(
    targetLabels: [Int]
  ) throws(MethodError) -> (source: Matrix<Double>, target: Matrix<Double>) {
    let differences = MeanDifferences().columns(
      sourceLabels: source.labels, targetLabels: targetLabels, targets: target.rows,
      classCount: source.classCount)
    // ‖C M_0‖_F is the squared length of E's first column.
    let scale =
      1
      / max(differences.column(0).reduce(0) { $0 + $1 * $1 }, .leastNormalMagnitude)
      .squareRoot()
    func means(_ features: Matrix<Double>, _ rows: Range<Int>) -> Matrix<Double> {
      features.multiplied(by: differences.selecting(rows: Array(rows)), transposingSelf: true)
        * scale
    }
    let shift = (
      means(source.features, 0..<source.count),
      means(target, source.count..<differences.rows)
    )  // (4)
    let solved = solve(shift)  // D⁻¹ F
    let coupling = multiplied(solved)  // (8)
    return try MethodError.step("coupled projections") { () throws(LinearAlgebraError) in
      let capacitance =
        (shift.0.multiplied(by: solved.0, transposingSelf: true)
        + shift.1.multiplied(by: solved.1, transposingSelf: true)).adding(diagonal: 1)
      let inner = try capacitance.cholesky()
      let problem = core - coupling * inner.solve(coupling.transposed)
      let eigen = try problem.symmetricEigen(.largest(components))  // (9)
      let floor = max(eigen.values.first ?? 0, 0) * 1e-12
      let kept = eigen.values.prefix { $0 > floor }.map { 1 / $0.squareRoot() }
      let vectors = eigen.vectors.selecting(columns: 0..<kept.count).scaled(columns: kept)
      let middle = between.columns
      let first = vectors.selecting(rows: Array(0..<middle))
      let rest = vectors.selecting(rows: Array(middle..<vectors.rows))
      let plain = solve((between * first, spread * rest))
      let correction = inner.solve(coupling.multiplied(by: vectors, transposingSelf: true))
      return (plain.0 - solved.0 * correction, plain.1 - solved.1 * correction)  // (5), (10)
    }
  }

  /// D⁻¹ Y for Y = [Y_1; Y_2], d × m each. (11)
  private func solve(
    _ right: (Matrix<Double>, Matrix<Double>)
  ) -> (Matrix<Double>, Matrix<Double>) {
    let along = (
      within.axes.multiplied(by: right.0, transposingSelf: true),
      within.axes.multiplied(by: right.1, transposingSelf: true)
    )
    func sum(
      _ first: (Double) -> Double, _ second: (Double) -> Double
    ) -> Matrix<Double> {
      let factors = (
        within.values.map { first($0) - first(0) }, within.values.map { second($0) - second(0) }
      )
      return right.0 * first(0) + right.1 * second(0)
        + within.axes * (along.0.scaled(rows: factors.0) + along.1.scaled(rows: factors.1))
    }
    return (sum(inverse.source, inverse.mixed), sum(inverse.mixed, inverse.target))
  }

  /// Nᵀ Y for Y = [Y_1; Y_2].
  private func multiplied(_ right: (Matrix<Double>, Matrix<Double>)) -> Matrix<Double> {
    between.multiplied(by: right.0, transposingSelf: true)
      .appending(rows: spread.multiplied(by: right.1, transposingSelf: true))
  }
}

/// The blocks of D⁻¹ as functions of an eigenvalue of β S_w. (11)
private struct InverseBlocks: Sendable {
  let closeness: Double
  let variance: Double

  func source(_ value: Double) -> Double { (closeness + variance) / determinant(value) }
  func mixed(_ value: Double) -> Double { closeness / determinant(value) }
  func target(_ value: Double) -> Double { (closeness + value) / determinant(value) }

  private func determinant(_ value: Double) -> Double {
    closeness * variance + (closeness + variance) * value
  }
}

private func leadingComponents(
  _ features: Matrix<Double>
) throws(MethodError) -> PrincipalComponentsModel {
  try MethodError.learning { () throws(LearnerError) in
    try PrincipalComponents.fit(features, count: features.columns)
  }
}

extension LabelledSample {
  /// The mean of each class, zeros of one without samples, and the classes' sizes.
  fileprivate var classMeans: (means: Matrix<Double>, counts: [Int]) {
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    var indicators = Matrix<Double>(rows: count, columns: classCount)
    for (row, label) in labels.enumerated() { indicators[row, label] = 1 / Double(counts[label]) }
    return (indicators.multiplied(by: features, transposingSelf: true), counts)
  }
}
