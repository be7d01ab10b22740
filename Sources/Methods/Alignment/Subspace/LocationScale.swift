public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Moves and stretches each class of the source until the whole looks like the target.
///
/// K. Zhang, B. Schölkopf, K. Muandet, Z. Wang. "Domain Adaptation under Target and Conditional
/// Shift." ICML 2013, section 4. See `papers/zhang-2013-location-scale.md`.
///
/// ```
/// z_i = G_c ⊙ x_i + H_c   for the source's samples of class c               (1)
/// min over G, H:  Σ_ik k(z_i, z_k) / n_S² − 2 Σ_ij k(z_i, x'_j) / (n_S n_T)
///                 + λ Σ_i (‖G_c(i) − 1‖² + γ‖H_c(i)‖²) / n_S                (2)
/// k(x, y) = exp(−γ‖x − y‖²),   γ = scale / median ‖x − y‖²                  (3)
/// ∂/∂z_i = −4γ/n_S² Σ_k k(z_i, z_k) (z_i − z_k)
///          + 4γ/(n_S n_T) Σ_j k(z_i, x'_j) (z_i − x'_j)                     (4)
/// ```
///
/// (2) is, up to a constant, the squared maximum mean discrepancy between the moved source and the
/// target. G starts at 1 and H at 0, and L-BFGS takes it from there; x is counted from the mean of
/// all samples.
///
/// - Complexity: O(m² d) an iteration for m = `samples` of each domain.
/// - Deviations: the classes' shares are taken to be those of the source (the paper's LS-GeTarS
///   alternates with weights, which `target-shift` estimates alone); γ stands before H in (2), so
///   that it doesn't matter in what units the features are; of larger domains a part stands for
///   all in (2).
public struct LocationScale: TransductiveMethod {
  /// λ.
  public var regularization = 1e-3
  /// γ times the median squared distance.
  public var scale = 1.0
  /// The most steps of L-BFGS.
  public var iterations = 30
  /// The most samples of a domain that (2) is measured on.
  public var samples = 500
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "mmd-location-scale", title: "Location and scale by mean discrepancy",
    family: .alignment(.subspace), paper: "zhang-2013-location-scale", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "regularization", \.regularization, in: 0...1e6, grid: [1e-4, 1e-3, 1e-2, 0.1],
      help: "λ, what keeps each class where it is."),
    .real(
      "scale", \.scale, in: 1e-4...1e4, grid: [0.1, 0.3, 1, 3, 10],
      help: "The kernel's γ as a multiple of the median heuristic's."),
    .integer(
      "iterations", \.iterations, in: 0...100_000, grid: [10, 30, 100],
      help: "The most steps of L-BFGS."),
    .integer(
      "samples", \.samples, in: 2...1_000_000, grid: [250, 500, 1000, 2000], isTuned: false,
      help: "The most samples of a domain that the discrepancy is measured on."),
    .choice("learner", \.learner, help: "Classifier fitted on the moved source."),
  ]

  /// Moves the source's classes and fits the learner on them.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let gamma = scale * source.medianGamma(with: target)  // (3)
    let centre = source.features.appending(rows: target.features).columnMeans
    let unit = gamma.squareRoot()
    let part = source.thinned(to: samples, key: key.child("source"))
    let problem = MovedClasses(
      source: part.with(features: part.features.subtracting(row: centre) * unit),
      target: target.thinned(to: samples, key: key.child("target")).features
        .subtracting(row: centre) * unit,
      regularization: regularization)
    var solver = LBFGS()
    solver.maximumIterations = iterations
    let minimum = solver.minimum(from: problem.start, of: problem.value)
    guard minimum.value.isFinite else { throw .learner(.notFinite) }
    let moved = problem.moved(
      source.features.subtracting(row: centre) * unit, source.labels, by: minimum.point)
    let result = source.with(features: (moved * (1 / unit)).adding(row: centre))
    return MappedClassifier(
      try learner.fit(result, key: key.child("learner")),
      sourceMap: source.features.movingAlong(result.features))
  }
}

/// The objective (2) where γ = 1, on samples of both domains.
///
/// A point holds G, C × d, then H, C × d.
struct MovedClasses {
  let source: LabelledSample
  let target: Matrix<Double>
  let regularization: Double

  private var width: Int { source.features.columns }
  private var size: Int { source.classCount * width }

  /// The classes where they are.
  var start: [Double] {
    Array(repeating: 1, count: size) + Array(repeating: 0, count: size)
  }

  /// (1) of n samples.
  func moved(_ features: Matrix<Double>, _ labels: [Int], by point: [Double]) -> Matrix<Double> {
    var result = features
    result.elements.withUnsafeMutableBufferPointer { entries in
      point.withUnsafeBufferPointer { point in
        for (row, label) in labels.enumerated() {
          for column in 0..<width {
            let place = label * width + column
            let index = row * width + column
            entries[index] = point[place] * entries[index] + point[size + place]  // (1)
          }
        }
      }
    }
    return result
  }

  /// (2) at a point, and its gradient there.
  func value(_ point: [Double], _ gradient: inout [Double]) -> Double {
    let (count, others) = (Double(source.count), Double(target.rows))
    let moved = moved(source.features, source.labels, by: point)
    let kernel = KernelFunction<Double>.rbf(gamma: 1)
    let inner = kernel.matrix(moved)
    let (innerSums, innerPull) = (inner.rowSums, inner * moved)
    let cross = kernel.matrix(moved, target)
    let (crossSums, crossPull) = (cross.rowSums, cross * target)
    var value =
      innerSums.reduce(0, +) / (count * count) - 2 * crossSums.reduce(0, +) / (count * others)
    for index in gradient.indices { gradient[index] = 0 }
    for (row, label) in source.labels.enumerated() {
      let own = crossSums[row] * 4 / (count * others) - innerSums[row] * 4 / (count * count)
      for column in 0..<width {
        let index = row * width + column
        let slope =
          own * moved.elements[index] + innerPull.elements[index] * 4 / (count * count)
          - crossPull.elements[index] * 4 / (count * others)  // (4)
        gradient[label * width + column] += slope * source.features.elements[index]
        gradient[size + label * width + column] += slope
      }
    }
    var shares = [Double](repeating: 0, count: source.classCount)
    for label in source.labels { shares[label] += 1 / count }
    for place in 0..<size {
      let weight = regularization * shares[place / width]
      let (stretch, shift) = (point[place] - 1, point[size + place])
      value += weight * (stretch * stretch + shift * shift)  // (2)
      gradient[place] += 2 * weight * stretch
      gradient[size + place] += 2 * weight * shift
    }
    return value
  }
}
