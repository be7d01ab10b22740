import Domains
import Learners
import LinearAlgebra

// What methods share of the samples of one split: see `SharedWork`.

extension LabelledSample {
  /// The leading principal components of the features.
  func principalComponents(_ count: Int) throws(LearnerError) -> PrincipalComponentsModel {
    try shared.principalComponents(of: features, count)
  }

  /// The squared distances of these rows to a target's, n_S × n_T.
  func squaredDistances(to target: UnlabelledSample) -> Matrix<Double> {
    shared.once(
      "squared distances", with: target.shared, bytes: 8 * count * target.count
    ) { features.squaredDistances(to: target.features) }
  }

  /// What it costs to carry these rows to a target's, n_S × n_T.
  func transportCost(_ metric: TransportCost, to target: UnlabelledSample) -> Matrix<Double> {
    guard metric != .squaredEuclidean else { return squaredDistances(to: target) }
    return shared.once(
      "\(metric.rawValue) costs", with: target.shared, bytes: 8 * count * target.count
    ) { metric.matrix(features, target.features) }
  }

  /// The γ of the median heuristic for these rows and a target's, by `KernelWidth`.
  func medianGamma(with target: UnlabelledSample) -> Double {
    shared.once("median gamma", with: target.shared, bytes: 8) {
      KernelWidth.medianGamma(features, target.features)
    }
  }
}

extension UnlabelledSample {
  /// The leading principal components of the features.
  func principalComponents(_ count: Int) throws(LearnerError) -> PrincipalComponentsModel {
    try shared.principalComponents(of: features, count)
  }
}

extension SharedWork {
  fileprivate func principalComponents(
    of features: Matrix<Double>, _ count: Int
  ) throws(LearnerError) -> PrincipalComponentsModel {
    try once(
      "principal components \(count)", bytes: 8 * features.columns * count
    ) { () throws(LearnerError) in try PrincipalComponents.fit(features, count: count) }
  }
}
