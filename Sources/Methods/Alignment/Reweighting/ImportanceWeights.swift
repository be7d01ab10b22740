import Domains
import Foundation
import Learners
import Randomness

/// What the methods share that weigh source samples by p_T(x) / p_S(x).
///
/// ```
/// w_i ← w_i n_S / Σ_k w_k                                                (1)
/// f = argmin over f:  Σ_i w_i loss(f(x_i), y_i)                          (2)
/// ```
///
/// With (1) the weights have mean 1: the learner's penalty counts as much as without weights,
/// and a ratio that is known up to a factor is enough.
enum ImportanceWeights {
  /// (1) of weights that are given as logarithms; no ratio is too large or too small for it.
  static func scaled(logarithms: [Double]) -> [Double] {
    let largest = logarithms.max() ?? 0
    return scaled(logarithms.map { exp($0 - largest) })
  }

  /// (1); where no sample has weight, each counts the same.
  static func scaled(_ weights: [Double]) -> [Double] {
    let mean = weights.reduce(0, +) / Double(weights.count)
    return mean > 0 ? weights.map { $0 / mean } : Array(repeating: 1, count: weights.count)  // (1)
  }
}

extension LearnerChoice {
  /// Fits the learner to the source, each sample counting as its weight.
  ///
  /// - Throws: `notApplicable` where the learner can't weigh samples, and the learner's errors.
  func fit(
    _ source: LabelledSample, importance: [Double], key: RandomKey
  ) throws(MethodError) -> MappedClassifier {
    guard usesWeights else {
      throw .notApplicable(reason: "the learner \(rawValue) can't weigh its samples")
    }
    return MappedClassifier(try fit(source, weights: importance, key: key))  // (2)
  }
}
