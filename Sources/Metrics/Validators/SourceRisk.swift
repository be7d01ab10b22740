import Domains
import Foundation
import Learners
public import LinearAlgebra
public import Randomness

extension Validator {
  /// The accuracy on held-out source samples: what one would do without adaptation.
  static let sourceAccuracy = Validator(
    id: "source-accuracy", title: "Accuracy on held-out source samples"
  ) { fold in
    weightedMean(fold.isCorrect.map { $0 ? 1 : 0 }, weights: fold.isCorrect.map { _ in 1 })
  }

  /// The accuracy on held-out source samples, each weighed by how much denser the target is there.
  ///
  /// M. Sugiyama, M. Krauledat, K.-R. Müller. "Covariate Shift Adaptation by Importance Weighted
  /// Cross Validation." JMLR 8, 2007.
  ///
  /// ```
  /// Σ_i w(x_i) [f(x_i) = y_i] / Σ_i w(x_i),   w = p_T / p_S
  /// ```
  ///
  /// - Deviations: the weights are normalised to mean 1, which bounds the score by 1.
  static let importanceWeighted = Validator(
    id: "iwv", title: "Importance-weighted accuracy on held-out source samples"
  ) { fold in
    weightedMean(fold.isCorrect.map { $0 ? 1 : 0 }, weights: fold.densityRatio())
  }

  /// The importance-weighted risk on held-out source samples with a control variate, turned round.
  ///
  /// K. You, X. Wang, M. Long, M. I. Jordan. "Towards Accurate Model Selection in Deep
  /// Unsupervised Domain Adaptation." ICML 2019.
  ///
  /// ```
  /// l_i = −log p(y_i | x_i),   η = −cov(w l, w) / var(w)                    (1)
  /// score = −(mean(w l) + η mean(w) − η)                                    (2)
  /// ```
  ///
  /// - Deviations: w is of the input features, since a shallow method need have no others.
  static let deepEmbedded = Validator(
    id: "dev", title: "Deep embedded validation: weighted risk with a control variate"
  ) { fold in
    let weights = fold.densityRatio()
    let losses = fold.source.labels.enumerated().map { row, label in
      -log(min(max(fold.sourceAnswers.probabilities[row, label], 1e-15), 1 - 1e-15))
    }
    return controlledRisk(losses: losses, weights: weights).map { -$0 }
  }

  /// (2) without its sign; nil of no samples.
  static func controlledRisk(losses: [Double], weights: [Double]) -> Double? {
    let count = Double(losses.count)
    guard count > 0 else { return nil }
    let weighted = zip(losses, weights).map { $0 * $1 }
    let (risk, weight) = (weighted.reduce(0, +) / count, weights.reduce(0, +) / count)
    let covariance = zip(weighted, weights).reduce(0) { $0 + ($1.0 - risk) * ($1.1 - weight) }
    let variance = weights.reduce(0) { $0 + ($1 - weight) * ($1 - weight) }
    let control = variance > 0 ? -covariance / variance : 0  // (1)
    return risk + control * weight - control  // (2)
  }

  private static func weightedMean(_ values: [Double], weights: [Double]) -> Double? {
    let total = weights.reduce(0, +)
    guard total > 0 else { return nil }
    return zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
  }
}

/// The ratio of two densities by a classifier that tells their samples apart.
public enum DensityRatio {
  /// p_T / p_S at each sample, for importance-weighted validators.
  ///
  /// By logistic regression on both domains' samples, as deep embedded validation has it:
  ///
  /// ```
  /// w(x) = (n_S / n_T) p(target | x) / p(source | x)
  /// ```
  ///
  /// - Parameters:
  ///   - source: source samples, n_S × d.
  ///   - target: target samples, n_T × d.
  ///   - samples: where the ratio is asked for, n × d.
  ///   - key: names the randomness of the fit.
  /// - Returns: n ratios; all 1 where the classifier can't be fitted, such as on no samples.
  public static func estimate(
    source: Matrix<Double>, target: Matrix<Double>, at samples: Matrix<Double>, key: RandomKey
  ) -> [Double] {
    let labels =
      Array(repeating: 0, count: source.rows) + Array(repeating: 1, count: target.rows)
    do throws(LearnerError) {
      let model = try LogisticRegression().fit(
        features: source.appending(rows: target), labels: labels, classCount: 2, weights: nil,
        key: key)
      let odds = Double(source.rows) / Double(target.rows)
      let probabilities = model.probabilities(of: samples)
      return (0..<samples.rows).map { row in
        odds * probabilities[row, 1] / max(probabilities[row, 0], .leastNormalMagnitude)
      }
    } catch {
      return Array(repeating: 1, count: samples.rows)
    }
  }
}
