public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Weights whose model of the target is nearest to it by the Kullback–Leibler divergence.
///
/// M. Sugiyama, S. Nakajima, H. Kashima, P. von Bünau, M. Kawanabe. "Direct Importance Estimation
/// with Model Selection and Its Application to Covariate Shift Adaptation." NIPS 2007. See
/// `papers/sugiyama-2007-kliep.md`.
///
/// ```
/// w(x) = Σ_l α_l φ_l(x),   φ_l(x) = exp(−γ ‖x − c_l‖²)                   (1)
/// max over α ≥ 0:  Σ_j log w(x'_j)   with Σ_i w(x_i) = n_S               (2)
/// b_l = Σ_i φ_l(x_i) / n_S,   θ_l = α_l b_l:  Σ_l θ_l = 1                (3)
/// θ_l ← θ_l g_l,   g_l = (1 / n_T) Σ_j φ_l(x'_j) / (b_l w(x'_j))         (4)
/// γ = scale / median ‖x − y‖²                                            (5)
/// ```
///
/// The centres c_l are target samples. In θ the program is the likelihood of a mixture's shares;
/// (4) is its EM step, which never leaves the simplex, and log max g bounds what is left to gain.
/// Kernels are kept as logarithms. Centres with b_l below the rounding of 1 are left out: they would
/// bear any weight at the target for nothing at the source. Where scale is 0, the one with the
/// largest likelihood on held-out target samples is taken.
///
/// - Complexity: O((n_S + n_T) d b) for b centres and O(n_T b) an iteration.
/// - Deviations: (4) in place of the paper's projected gradient; the maximum is the same.
public struct KLIEP: TransductiveMethod {
  /// γ times the median squared distance; 0 chooses it.
  public var scale = 0.0
  /// The most kernels.
  public var centres = 100
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "kliep", title: "Kullback–Leibler importance estimation",
    family: .alignment(.reweighting), paper: "sugiyama-2007-kliep")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "scale", \.scale, in: 0...1e4, grid: [0, 0.1, 1, 10],
      help: "The kernels' γ as a multiple of the median heuristic's; 0 chooses by likelihood."),
    .integer(
      "centres", \.centres, in: 1...10_000, grid: [20, 100, 300],
      help: "The most kernels, at target samples drawn at random."),
    .choice("learner", \.learner, help: "Classifier fitted on the weighted source."),
  ]

  /// The scales that are tried, and how many parts of the target are held out in turn.
  private static let scales = [0.1, 0.3, 1, 3, 10]
  private static let foldCount = 5

  /// Estimates the weights and fits the learner on the weighted source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let median = source.medianGamma(with: target)
    let problem = DivergenceProblem(
      source: source.features, target: target.features, centres: centres, key: key.child("centres"))
    let gamma =
      scale > 0
      ? scale * median  // (5)
      : problem.likeliest(Self.scales.map { $0 * median }, folds: Self.foldCount)
    return try learner.fit(
      source, importance: problem.weights(gamma: gamma), key: key.child("learner"))
  }
}

/// The estimate from some centres, for any width.
struct DivergenceProblem {
  /// The rows of the target that are centres.
  private let centres: [Int]
  /// Every row of the target in random order: how it is divided.
  private let order: [Int]
  /// ‖c_l − x_i‖², b × n_S.
  private let sourceDistances: Matrix<Double>
  /// ‖x'_j − c_l‖², n_T × b.
  private let targetDistances: Matrix<Double>

  /// Centres at target samples drawn at random, or at all where they are no more than `centres`.
  init(source: Matrix<Double>, target: Matrix<Double>, centres: Int, key: RandomKey) {
    var stream = RandomStream(key)
    order = stream.permutation(target.rows)
    self.centres = order.prefix(centres).sorted()
    let points = target.selecting(rows: self.centres)
    sourceDistances = points.squaredDistances(to: source)
    targetDistances = target.squaredDistances(to: points)
  }

  /// The weights of the source samples, of mean 1.
  func weights(gamma: Double) -> [Double] {
    let (mixture, shares) = solution(gamma: gamma)
    let offsets = zip(shares, mixture.masses).map { log($0) - $1 }
    let logarithms = (sourceDistances.selecting(rows: mixture.centres) * -gamma).transposed
    return ImportanceWeights.scaled(
      logarithms: logarithms.adding(row: offsets).rowLogSumExp)  // (1)
  }

  /// The mean of (2) over the target.
  func likelihood(gamma: Double) -> Double {
    let (mixture, shares) = solution(gamma: gamma)
    return Self.likelihood(mixture.ratios, shares)
  }

  /// The width with the largest likelihood on parts of the target that are held out in turn.
  func likeliest(_ gammas: [Double], folds: Int) -> Double {
    let folds = min(folds, order.count)
    var best = (gamma: gammas[gammas.count / 2], score: -Double.infinity)
    guard folds > 1 else { return best.gamma }
    for gamma in gammas {
      let mixture = mixture(gamma: gamma)
      guard mixture.hasMass else { continue }
      var scores: [Double] = []
      for fold in 0..<folds {
        let isHeld = heldOut(fold, of: folds)
        // A centre at a held-out sample would know it.
        let kept = mixture.centres.indices.filter { !isHeld[centres[mixture.centres[$0]]] }
        guard !kept.isEmpty else { continue }
        let shares = Self.shares(
          mixture.ratios.selecting(
            rows: order.indices.filter { !isHeld[$0] }, columns: kept),
          tolerance: 1e-2, iterations: 30)
        let held = mixture.ratios.selecting(
          rows: order.indices.filter { isHeld[$0] }, columns: kept)
        scores.append(Self.likelihood(held, shares))
      }
      let score = scores.reduce(0, +) / Double(scores.count)
      if score > best.score { best = (gamma, score) }
    }
    return best.gamma
  }

  private func heldOut(_ fold: Int, of folds: Int) -> [Bool] {
    var isHeld = [Bool](repeating: false, count: order.count)
    for position in stride(from: fold, to: order.count, by: folds) {
      isHeld[order[position]] = true
    }
    return isHeld
  }

  /// The centres that count at some width.
  private struct Mixture {
    /// Those of `centres` that have mass at the source.
    let centres: [Int]
    /// Whether any has; otherwise all count.
    let hasMass: Bool
    /// log b.
    let masses: [Double]
    /// log (φ_l(x'_j) / b_l), n_T × b.
    let ratios: Matrix<Double>
  }

  /// A centre without mass at the source would bear any weight at the target for nothing.
  private func mixture(gamma: Double) -> Mixture {
    let count = Double(sourceDistances.columns)
    let masses = (sourceDistances * -gamma).rowLogSumExp.map { $0 - log(count) }  // (3)
    let heavy = masses.indices.filter { masses[$0] > log(Double.ulpOfOne) }
    let kept = heavy.isEmpty ? Array(masses.indices) : heavy
    let distances =
      kept.count < masses.count
      ? targetDistances.transposed.selecting(rows: kept).transposed : targetDistances
    let keptMasses = kept.map { masses[$0] }
    return Mixture(
      centres: kept, hasMass: !heavy.isEmpty, masses: keptMasses,
      ratios: (distances * -gamma).adding(row: keptMasses.map { -$0 }))
  }

  /// θ.
  private func solution(gamma: Double) -> (mixture: Mixture, shares: [Double]) {
    let mixture = mixture(gamma: gamma)
    return (mixture, Self.shares(mixture.ratios, tolerance: 1e-5, iterations: 500))
  }

  /// θ for the logarithms of φ_l(x'_j) / b_l, n × b.
  private static func shares(
    _ logarithms: Matrix<Double>, tolerance: Double, iterations: Int
  ) -> [Double] {
    let (rows, columns) = (logarithms.rows, logarithms.columns)
    // A factor for each row changes no step.
    var ratios = logarithms
    ratios.elements.withUnsafeMutableBufferPointer { ratios in
      for row in 0..<rows {
        let range = row * columns..<(row + 1) * columns
        var largest = -Double.infinity
        for index in range { largest = max(largest, ratios[index]) }
        for index in range { ratios[index] -= largest }
      }
    }
    ratios = ratios.exponential()
    var shares = [Double](repeating: 1 / Double(columns), count: columns)
    for _ in 0..<iterations {
      let inverses = ratios.multiplied(by: shares).map { 1 / ($0 * Double(rows)) }
      let factors = ratios.multiplied(by: inverses, transposing: true)
      for column in 0..<columns { shares[column] *= factors[column] }  // (4)
      if (factors.max() ?? 1) < 1 + tolerance { break }
    }
    return shares
  }

  /// The mean log of w, by (2).
  private static func likelihood(_ logarithms: Matrix<Double>, _ shares: [Double]) -> Double {
    let values = logarithms.adding(row: shares.map { log($0) }).rowLogSumExp  // (2)
    return values.reduce(0, +) / Double(values.count)
  }
}
