import Domains
import Learners
import LinearAlgebra
import Randomness

/// How much of the domains' discrepancy lies within the classes.
///
/// ```
/// d_A = 2 (1 − 2ε)                                                        (1)
/// μ = d̄_c / (d̄_c + d_M)                                                   (2)
/// ```
///
/// ε is the error, on the samples it was fitted to, of a linear SVM that tells source from target;
/// d_M is d_A of the whole domains, d̄_c its mean over the classes that both have.
struct DistributionBalance: Sendable {
  private let source: LabelledSample
  private let target: Matrix<Double>
  private let key: RandomKey
  private let marginal: Double

  /// Measures d_M.
  init(
    source: LabelledSample, target: Matrix<Double>, key: RandomKey
  ) throws(MethodError) {
    self.source = source
    self.target = target
    self.key = key
    marginal = try proxyDistance(source.features, target, key)
  }

  /// μ in [0, 1] for labels of the target; ½ where nothing tells the domains apart.
  func estimate(targetLabels: [Int]) throws(MethodError) -> Double {
    var distances: [Double] = []
    for label in 0..<source.classCount {
      let own = source.labels.indices.filter { source.labels[$0] == label }
      let other = targetLabels.indices.filter { targetLabels[$0] == label }
      guard !own.isEmpty, !other.isEmpty else { continue }
      distances.append(
        try proxyDistance(
          source.features.selecting(rows: own), target.selecting(rows: other), key))
    }
    guard !distances.isEmpty else { return 0 }
    let conditional = distances.reduce(0, +) / Double(distances.count)
    let sum = conditional + marginal
    return sum > 0 ? min(max(conditional / sum, 0), 1) : 0.5  // (2)
  }
}

/// d_A between two samples, at least 0. (1)
private func proxyDistance(
  _ source: Matrix<Double>, _ target: Matrix<Double>, _ key: RandomKey
) throws(MethodError) -> Double {
  let both = source.appending(rows: target)
  let labels =
    Array(repeating: 0, count: source.rows) + Array(repeating: 1, count: target.rows)
  let model = try MethodError.learning { () throws(LearnerError) in
    try LinearSVM().fit(features: both, labels: labels, classCount: 2, weights: nil, key: key)
  }
  let predicted = Predictions(probabilities: model.probabilities(of: both)).classes
  let wrong = zip(predicted, labels).filter { $0 != $1 }.count
  return max(2 * (1 - 2 * Double(wrong) / Double(labels.count)), 0)  // (1)
}
