extension Metric {
  /// The greatest minus the least recall of the classes that are present.
  ///
  /// It stands for the group measures where there is no sensitive attribute: the classes are the
  /// groups. 0 where one class alone is present.
  public static let recallGap = Metric(
    id: "recall-gap", title: "Recall gap", direction: .lowerIsBetter,
    definition: "The greatest minus the least recall of the classes that are present.",
    lanes: .recallGap,
    settling: Gap.settlingRecalls
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in spread(confusion(weights).recalls.compactMap { $0 }, least: 1) }
  }

  /// The least recall of the classes that are present: the worst group, where classes are groups.
  public static let worstClassRecall = Metric(
    id: "worst-class-recall", title: "Worst-class recall", direction: .higherIsBetter,
    definition: "The least recall of the classes that are present.", isResampled: false
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in confusion(weights).recalls.compactMap { $0 }.min() }
  }

  /// The total variation between the predicted and the true class marginals.
  ///
  /// ½ Σ_c |p̂(c) − p(c)|, in 0 ... 1. Samples predicted as no class are a class of their own.
  public static let marginalShift = Metric(
    id: "marginal-shift", title: "Marginal shift", direction: .lowerIsBetter,
    definition: "The total variation between the predicted and the true class marginals.",
    lanes: .marginalShift
  ) { evaluation in
    let confusion = ConfusionMatrix.prepared(evaluation)
    return { weights in
      let confusion = confusion(weights)
      let truth = confusion.trueMarginals + [0]
      let weight = total(truth)
      guard weight > 0 else { return nil }
      let variation = zip(truth, confusion.predictedMarginals).reduce(0) { $0 + abs($1.0 - $1.1) }
      return variation / 2 / weight
    }
  }
}

/// The greatest minus the least value; nil where there are fewer than `least` values.
func spread(_ values: [Double], least: Int) -> Double? {
  guard values.count >= least, let low = values.min(), let high = values.max() else { return nil }
  return high - low
}
