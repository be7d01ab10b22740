/// What transfer did to a score.
public enum Verdict: String, Sendable, Hashable, CaseIterable {
  /// It helped: the whole interval of the gain lies on the better side of 0.
  case positive
  /// Neither can be said.
  case neutral
  /// It harmed: the whole interval of the gain lies on the worse side of 0.
  case negative

  /// The verdict on a gain from its interval.
  ///
  /// Where lower values of the metric are better, an interval below 0 is positive. An interval
  /// that touches 0 is neutral, and so is every gain of a metric without a better side.
  public init(low: Double, high: Double, direction: Metric.Direction) {
    switch direction {
    case .higherIsBetter: self = low > 0 ? .positive : high < 0 ? .negative : .neutral
    case .lowerIsBetter: self = high < 0 ? .positive : low > 0 ? .negative : .neutral
    case .neutral: self = .neutral
    }
  }
}

/// The gain of a method over its reference: pure functions of scores.
public enum TransferGain {
  /// The score of the method minus that of the reference, in the metric's own unit and sign.
  public static func gain(score: Double, reference: Double) -> Double { score - reference }

  /// The share of what there was to win that the method won: gain / (oracle − reference).
  ///
  /// 0 at the reference's score, 1 at the oracle's, the same learner on the fully labelled target.
  /// Nil where the oracle is no better than the reference, or where the metric has no better side.
  public static func normalizedGain(
    score: Double, reference: Double, oracle: Double, direction: Metric.Direction
  ) -> Double? {
    guard let room = improvement(from: reference, to: oracle, direction: direction), room > 0,
      let gain = improvement(from: reference, to: score, direction: direction)
    else { return nil }
    return gain / room
  }

  /// How much better one score is than another: the gain with the sign turned for a loss.
  ///
  /// Nil where the metric has no better side.
  public static func improvement(
    from reference: Double, to score: Double, direction: Metric.Direction
  ) -> Double? {
    switch direction {
    case .higherIsBetter: score - reference
    case .lowerIsBetter: reference - score
    case .neutral: nil
    }
  }
}
