import LinearAlgebra

extension Metric {
  /// The area under the receiver operating characteristic, for two classes.
  ///
  /// The probability that a sample of class 1 has a greater p(1) than a sample of class 0, ties
  /// counted by half. Not applicable with more classes or where one of the two is absent.
  public static let auroc = Metric(
    id: "auroc", title: "Area under the ROC curve", direction: .higherIsBetter
  ) { evaluation in
    guard evaluation.classCount == 2, let probabilities = evaluation.usableProbabilities else {
      return nil
    }
    let scores = probabilities.column(1)
    let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    let isPositive = order.map { evaluation.labels[$0] == 1 }
    // Whether the sample at that place is the last one with its score.
    let endsTie = order.indices.map { place in
      place + 1 == order.count || scores[order[place + 1]] > scores[order[place]]
    }
    return { sampleWeights in
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
  }
}
