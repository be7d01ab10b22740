/// Accuracy against confidence, bin by bin: what a reliability diagram draws.
///
/// M. H. DeGroot, S. E. Fienberg. "The comparison and evaluation of forecasters." The Statistician
/// 32, 1983. The confidence of a sample is the probability of its predicted class.
public struct ReliabilityCurve: Sendable, Hashable {
  /// How confidences are divided into 15 bins; every bin is open below and closed above, the first
  /// closed below too.
  public enum Binning: String, Sendable, Hashable, CaseIterable {
    /// Bins of the width 1/15, as of Guo et al., ICML 2017.
    case equalWidth = "equal-width"
    /// Bins between the quantiles k/15 of the confidences, linearly interpolated, as of
    /// scikit-learn's `calibration_curve`.
    ///
    /// Samples of one confidence share a bin, so bins may be uneven, or empty. Under weights the
    /// quantiles are those of the sample in which each row stands as often as its weight says.
    case equalMass = "equal-mass"
  }

  /// The samples whose confidence lies in one interval.
  public struct Bin: Sendable, Hashable {
    /// The interval's lower end, which belongs to it in the first bin alone.
    public let low: Double
    /// The interval's upper end.
    public let high: Double
    /// The weight of the samples in it.
    public let count: Double
    /// Their mean confidence; nil where there are none.
    public let confidence: Double?
    /// The share of them predicted right; nil where there are none.
    public let accuracy: Double?
  }

  /// The number of bins.
  public static let binCount = CalibrationBins.count

  /// The bins from the least confidence to the greatest.
  public let bins: [Bin]

  /// The curve under the samples' weights; nil where there are no probabilities or no weight.
  public init?(
    _ evaluation: Evaluation, weights: [Double], binning: Binning = .equalWidth
  ) {
    self.init([evaluation], weights: [weights], binning: binning)
  }

  /// The curve of several evaluations together, each sample counted once, such as those of all
  /// repetitions; nil where one has no probabilities or there are no samples.
  public init?(pooling evaluations: [Evaluation], binning: Binning = .equalWidth) {
    self.init(evaluations, weights: evaluations.map(\.unitWeights), binning: binning)
  }

  private init?(_ evaluations: [Evaluation], weights: [[Double]], binning: Binning) {
    var confidences: [Double] = []
    var correct: [Double] = []
    for (evaluation, weights) in zip(evaluations, weights) {
      precondition(
        weights.count == evaluation.sampleCount, "A statistic needs one weight for each sample.")
      guard let values = evaluation.confidences else { return nil }
      confidences += values
      correct += (0..<evaluation.sampleCount).map { evaluation.isCorrect($0) ? 1 : 0 }
    }
    let weights = Array(weights.joined())
    guard total(weights) > 0 else { return nil }
    let count = Self.binCount
    let edges: [Double]
    let places: [Int]
    switch binning {
    case .equalWidth:
      edges = (0...count).map { Double($0) / Double(count) }
      places = confidences.map(CalibrationBins.bin)
    case .equalMass:
      edges = Self.quantiles(confidences, weights)
      let inner = edges[1..<count]
      places = confidences.map { confidence in inner.reduce(0) { $0 + ($1 < confidence ? 1 : 0) } }
    }
    var sums = [(weight: Double, confidence: Double, correct: Double)](
      repeating: (0, 0, 0), count: count)
    for (row, place) in places.enumerated() {
      sums[place].weight += weights[row]
      sums[place].confidence += weights[row] * confidences[row]
      sums[place].correct += weights[row] * correct[row]
    }
    bins = sums.enumerated().map { place, sum in
      Bin(
        low: edges[place], high: edges[place + 1], count: sum.weight,
        confidence: sum.weight > 0 ? sum.confidence / sum.weight : nil,
        accuracy: sum.weight > 0 ? sum.correct / sum.weight : nil)
    }
  }

  /// The quantiles k/15, k = 0 … 15, of the values with each repeated as often as its weight says.
  ///
  /// ```
  /// h = k (W − 1)/15,   q = x(⌊h⌋) + (h − ⌊h⌋) (x(⌊h⌋ + 1) − x(⌊h⌋))
  /// ```
  ///
  /// x(i) is the value that is reached where the weights from the least value on exceed i. k is
  /// multiplied before the division, so that h is exact where it is whole.
  private static func quantiles(_ values: [Double], _ weights: [Double]) -> [Double] {
    let order = values.ascendingOrder.filter { weights[$0] > 0 }
    var reached = 0.0
    let sums = order.map { row -> Double in
      reached += weights[row]
      return reached
    }
    func value(at index: Double) -> Double {
      let place = sums.firstIndex { $0 > index } ?? order.count - 1
      return values[order[place]]
    }
    return (0...binCount).map { quantile in
      let place = max(0, Double(quantile) * (reached - 1) / Double(binCount))
      let below = value(at: place.rounded(.down))
      let above = value(at: place.rounded(.down) + 1)
      return below + (place - place.rounded(.down)) * (above - below)
    }
  }

  /// Σ_b n_b |accuracy_b − confidence_b| / Σ_b n_b.
  public var expectedCalibrationError: Double {
    bins.reduce(0) { $0 + $1.count * (Self.gap($1) ?? 0) } / total(bins.map(\.count))
  }

  /// The greatest gap between confidence and accuracy of a bin.
  public var maximumCalibrationError: Double {
    bins.compactMap(Self.gap).max() ?? 0
  }

  private static func gap(_ bin: Bin) -> Double? {
    guard let confidence = bin.confidence, let accuracy = bin.accuracy else { return nil }
    return abs(accuracy - confidence)
  }
}
