public import Domains
import Foundation
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Importance weights from a kernel density estimate of each domain.
///
/// M. Sugiyama, K.-R. Müller. "Input-Dependent Estimation of Generalization Error under Covariate
/// Shift." Statistics & Decisions 23(4), 2005. See `papers/sugiyama-2005-density-weights.md`.
///
/// ```
/// w_i = p_T(x_i) / p_S(x_i)                                              (1)
/// log p(x) = log Σ_j exp(−‖z − z_j‖² / 2h²) − log n − d log h + constant (2)
/// h = bandwidth · n^(−1/(d+4))                                           (3)
/// ```
///
/// z are the features divided by their standard deviations over both domains, the sum runs over
/// the domain's n samples, and (3) is Scott's rule. The weights are scaled to mean 1.
///
/// - Complexity: O(n_S (n_S + n_T) d).
/// - Deviations: none; the paper leaves the density estimate open.
public struct DensityWeights: TransductiveMethod {
  /// The kernel's width as a multiple of Scott's.
  public var bandwidth = 1.0
  /// The classifier.
  public var learner = LearnerChoice.logisticRegression

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "density-weights", title: "Kernel density ratio", family: .alignment(.reweighting),
    paper: "sugiyama-2005-density-weights")

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "bandwidth", \.bandwidth, in: 1e-3...1e3, grid: [0.3, 1, 3, 10],
      help: "The kernel's width as a multiple of Scott's rule."),
    .choice("learner", \.learner, help: "Classifier fitted on the weighted source."),
  ]

  /// Estimates both densities and fits the learner on the weighted source.
  public func fit(
    source: LabelledSample, target: UnlabelledSample, key: RandomKey
  ) throws(MethodError) -> some Classifier {
    let weights = weights(of: source.features, for: target.features)
    return try learner.fit(source, importance: weights, key: key.child("learner"))
  }

  /// The weight of each source sample.
  func weights(of source: Matrix<Double>, for target: Matrix<Double>) -> [Double] {
    let scales = source.appending(rows: target).columnStandardDeviations.map { $0 > 0 ? 1 / $0 : 1 }
    let source = source.scaled(columns: scales)
    let numerators = logDensities(of: source, from: target.scaled(columns: scales))
    let denominators = logDensities(of: source, from: source)
    return ImportanceWeights.scaled(
      logarithms: zip(numerators, denominators).map { $0 - $1 })  // (1)
  }

  /// The log-density of each query under the samples' estimate, up to a constant.
  private func logDensities(of queries: Matrix<Double>, from samples: Matrix<Double>) -> [Double] {
    let (count, order) = (Double(samples.rows), Double(samples.columns))
    let width = bandwidth * pow(count, -1 / (order + 4))  // (3)
    return queries.rowBlocks(against: samples.rows).flatMap { range in
      let block = queries.selecting(rows: Array(range))
      let exponents = block.squaredDistances(to: samples) * (-0.5 / (width * width))
      return exponents.rowLogSumExp.map { $0 - log(count) - order * log(width) }  // (2)
    }
  }
}
