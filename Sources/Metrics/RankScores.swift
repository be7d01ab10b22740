import LinearAlgebra

extension Metric {
  /// The area under the receiver operating characteristic, for two classes.
  ///
  /// The probability that a sample of class 1 has a greater p(1) than a sample of class 0, ties
  /// counted by half. Not applicable with more classes or where one of the two is absent, where
  /// scikit-learn gives no number either.
  public static let auroc = Metric(
    id: "auroc", title: "Area under the ROC curve", direction: .higherIsBetter,
    definition: "The probability that a sample of class 1 scores above one of class 0, ties by "
      + "half; for two classes.",
    lanes: .auroc
  ) { evaluation in
    guard evaluation.classCount == 2, let ranking = evaluation.ranking(of: 1) else { return nil }
    return { weights in ranking.auroc(weights) }
  }

  /// The mean over classes of the area under the ROC curve of each against the rest, for more than
  /// two classes.
  ///
  /// Over the classes that are present beside others. scikit-learn's `roc_auc_score` with
  /// `multi_class="ovr"` is the same where every class is present, and no number where one is
  /// absent; that would hide what the others show.
  public static let aurocOneVsRest = Metric(
    id: "auroc-one-vs-rest", title: "Area under the ROC curve, one against the rest",
    direction: .higherIsBetter,
    definition: "The mean over the present classes of the area under the ROC curve of each against "
      + "the rest; for more than two classes.",
    isResampled: false
  ) { evaluation in
    Ranking.preparedMean(evaluation) { $0.auroc($1) }
  }

  /// The average precision of class 1 against class 0, for two classes.
  ///
  /// ```
  /// AP = Σ_t (R_t − R_{t−1}) P_t,   t over the thresholds from the greatest score on
  /// ```
  ///
  /// without interpolation, as of scikit-learn; samples of one score are above a threshold
  /// together. Not applicable where class 1 is absent, where scikit-learn says 0 and warns.
  public static let averagePrecision = Metric(
    id: "average-precision", title: "Average precision", direction: .higherIsBetter,
    definition: "The precision of class 1 averaged over the thresholds, weighted by the growth of "
      + "recall; for two classes.",
    isResampled: false
  ) { evaluation in
    guard evaluation.classCount == 2, let ranking = evaluation.ranking(of: 1) else { return nil }
    return { weights in ranking.averagePrecision(weights) }
  }

  /// The mean over classes of the average precision of each against the rest, for more than two
  /// classes.
  ///
  /// Over the classes that are present; scikit-learn counts an absent one 0.
  public static let averagePrecisionOneVsRest = Metric(
    id: "average-precision-one-vs-rest", title: "Average precision, one against the rest",
    direction: .higherIsBetter,
    definition: "The mean over the present classes of the average precision of each against the "
      + "rest; for more than two classes.",
    isResampled: false
  ) { evaluation in
    Ranking.preparedMean(evaluation) { $0.averagePrecision($1) }
  }
}

/// The samples in the order of the probability of one class.
struct Ranking: Sendable {
  /// The rows from the least probability to the greatest.
  private let order: [Int]
  /// Whether the sample at that place is of the class.
  private let isPositive: [Bool]
  /// Whether the sample at that place is the last one with its probability.
  private let endsTie: [Bool]

  /// The ranking by p(label); nil where there are no probabilities.
  init?(_ evaluation: Evaluation, of label: Int) {
    guard let scores = evaluation.usableProbabilities?.column(label) else { return nil }
    let order = scores.ascendingOrder
    self.order = order
    isPositive = order.map { evaluation.labels[$0] == label }
    endsTie = order.indices.map { place in
      place + 1 == order.count || scores[order[place + 1]] > scores[order[place]]
    }
  }

  /// The mean of a score over the classes for which it is defined; nil for two classes or fewer.
  static func preparedMean(
    _ evaluation: Evaluation,
    of score: @escaping @Sendable (Ranking, SampleWeights) -> Double?
  ) -> Statistic.Prepared? {
    guard evaluation.classCount > 2 else { return nil }
    let rankings = (0..<evaluation.classCount).compactMap { evaluation.ranking(of: $0) }
    guard !rankings.isEmpty else { return nil }
    return { weights in
      let scores = rankings.compactMap { score($0, weights) }
      return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
    }
  }

  /// P(score of a positive > score of a negative) + ½ P(=); nil where one of the two is absent.
  func auroc(_ sampleWeights: SampleWeights) -> Double? {
    let weights = sampleWeights.values
    var below = 0.0  // Negatives with a smaller score.
    var tied = (positive: 0.0, negative: 0.0)
    var positives = 0.0
    var area = 0.0
    for place in order.indices {
      if isPositive[place] {
        tied.positive += weights[order[place]]
      } else {
        tied.negative += weights[order[place]]
      }
      if endsTie[place] {
        area += tied.positive * (below + tied.negative / 2)
        positives += tied.positive
        below += tied.negative
        tied = (0, 0)
      }
    }
    return positives > 0 && below > 0 ? area / (positives * below) : nil
  }

  /// The same under many resamples at once.
  func auroc(_ lanes: LaneBlock, _ values: UnsafeMutableBufferPointer<Double>) {
    lanes.auroc(
      order: order, positive: isPositive.map { $0 ? 1 : 0 }, ends: endsTie.map { $0 ? 1 : 0 },
      values)
  }

  /// Σ_t (R_t − R_{t−1}) P_t from the greatest score on; nil where there is no positive.
  func averagePrecision(_ sampleWeights: SampleWeights) -> Double? {
    let weights = sampleWeights.values
    var above = (positive: 0.0, all: 0.0)
    var tied = (positive: 0.0, all: 0.0)
    var sum = 0.0
    for place in order.indices.reversed() {
      // A place below the end of a tie begins the next one.
      if endsTie[place] {
        sum += Self.step(&above, tied)
        tied = (0, 0)
      }
      let weight = weights[order[place]]
      tied.all += weight
      if isPositive[place] { tied.positive += weight }
    }
    sum += Self.step(&above, tied)
    return above.positive > 0 ? sum / above.positive : nil
  }

  /// The samples of one score pass the threshold: their positives times the precision there.
  private static func step(
    _ above: inout (positive: Double, all: Double), _ tied: (positive: Double, all: Double)
  ) -> Double {
    above.positive += tied.positive
    above.all += tied.all
    return tied.positive > 0 ? tied.positive * above.positive / above.all : 0
  }
}
