import Foundation
import LinearAlgebra

extension Metric {
  /// The mean of −ln p(true class).
  ///
  /// Probabilities are clipped to [ε, 1 − ε], ε = 2⁻⁵², the spacing of Double at 1, as
  /// scikit-learn does.
  public static let logLoss = Metric(
    id: "log-loss", title: "Log loss", direction: .lowerIsBetter,
    definition: "The mean of −ln p(true class), p clipped to [ε, 1 − ε].",
    lanes: .mean { $0.logarithmicLosses }
  ) { evaluation in
    guard let losses = evaluation.logarithmicLosses else { return nil }
    return { weights in weights.mean(of: losses) }
  }

  /// The mean of Σ_c (p(c) − 1[c is the true class])², over all classes.
  ///
  /// G. W. Brier. "Verification of forecasts expressed in terms of probability." Monthly Weather
  /// Review 78, 1950. It lies in 0 ... 2; for two classes it is twice the square of the error in
  /// the probability of one.
  public static let brier = Metric(
    id: "brier", title: "Brier score", direction: .lowerIsBetter,
    definition: "The mean of Σ (p(c) − [c is the true class])² over all classes, in 0 ... 2.",
    lanes: .mean { $0.squaredLosses }
  ) { evaluation in
    guard let losses = evaluation.squaredLosses else { return nil }
    return { weights in weights.mean(of: losses) }
  }
}

/// What each sample's probabilities cost.
enum ProbabilityLosses {
  /// −ln p(true class), clipped; nil where there are no probabilities.
  static func logarithmic(_ evaluation: Evaluation) -> [Double]? {
    guard let probabilities = evaluation.usableProbabilities else { return nil }
    let least = Double.ulpOfOne
    return evaluation.labels.enumerated().map { row, label in
      -log(min(max(probabilities[row, label], least), 1 - least))
    }
  }

  /// Σ_c (p(c) − 1[c is the true class])²; nil where there are no probabilities.
  static func squared(_ evaluation: Evaluation) -> [Double]? {
    guard let probabilities = evaluation.usableProbabilities else { return nil }
    return evaluation.labels.enumerated().map { row, label in
      var loss = 0.0
      for other in 0..<evaluation.classCount {
        let error = probabilities[row, other] - (other == label ? 1 : 0)
        loss += error * error
      }
      return loss
    }
  }
}
