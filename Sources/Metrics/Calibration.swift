import LinearAlgebra

/// The expected calibration error: how far confidence lies from accuracy.
///
/// M. P. Naeini, G. F. Cooper, M. Hauskrecht. "Obtaining well calibrated probabilities using
/// Bayesian binning." AAAI 2015; in the form of C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger. "On
/// calibration of modern neural networks." ICML 2017.
///
/// ```
/// confidence cᵢ = max_c p(c | xᵢ),   aᵢ = 1 where the sample is predicted right, else 0
/// bin b holds cᵢ in (b/15, (b + 1)/15], b = 0 … 14, the first bin 0 also
/// ECE = Σ_b |Σ_{i in b} wᵢ (aᵢ − cᵢ)| / Σᵢ wᵢ
/// ```
struct CalibrationBins: Sendable {
  /// The number of bins of equal width.
  static let count = 15

  /// The bin of each sample.
  let bins: SampleCells
  /// aᵢ − cᵢ of each sample.
  let residuals: [Double]

  /// The binned samples; nil where there are no probabilities.
  init?(_ evaluation: Evaluation) {
    guard let confidences = evaluation.confidences else { return nil }
    bins = SampleCells(confidences.map(Self.bin), count: Self.count)
    residuals = confidences.enumerated().map { (evaluation.isCorrect($0) ? 1 : 0) - $1 }
  }

  /// The bin of a confidence; the rounding of its product with 15 is put right at the edges.
  static func bin(of confidence: Double) -> Int {
    let width = Double(count)
    var bin = Int((min(max(confidence, 0), 1) * width).rounded(.up)) - 1
    if bin > 0, confidence <= Double(bin) / width { bin -= 1 }
    if confidence > Double(bin + 1) / width { bin += 1 }
    return min(max(bin, 0), count - 1)
  }
}

extension Metric {
  /// The expected calibration error of the top class, in 15 bins of equal width.
  ///
  /// The bins are those of Guo et al., ICML 2017: open below and closed above.
  public static let ece = Metric(
    id: "ece-width-15", title: "Expected calibration error, 15 bins of equal width",
    direction: .lowerIsBetter,
    definition: "The mean gap between confidence in the predicted class and accuracy, over 15 bins "
      + "of equal width, (b/15, (b + 1)/15].",
    lanes: .calibrationError
  ) { evaluation in
    guard let binned = evaluation.calibrationBins else { return nil }
    return { weights in
      let gaps = weights.sums(binned.bins, times: binned.residuals)
      return weights.total > 0 ? gaps.reduce(0) { $0 + abs($1) } / weights.total : nil
    }
  }

  /// The expected calibration error of the top class, in 15 bins of equal mass.
  ///
  /// The bins are those of `ReliabilityCurve.Binning.equalMass`; they follow the weights.
  public static let eceOfEqualMass = Metric(
    id: "ece-mass-15", title: "Expected calibration error, 15 bins of equal mass",
    direction: .lowerIsBetter,
    definition: "The mean gap between confidence in the predicted class and accuracy, over 15 bins "
      + "between the quantiles of the confidences.",
    isResampled: false
  ) { evaluation in
    guard evaluation.usableProbabilities != nil else { return nil }
    return { weights in
      ReliabilityCurve(evaluation, weights: weights.values, binning: .equalMass)?
        .expectedCalibrationError
    }
  }
}
