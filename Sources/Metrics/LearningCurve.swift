/// A score against the number of labelled target samples, and what transfer does to it.
///
/// M. E. Taylor, P. Stone. "Transfer learning for reinforcement learning domains: a survey." JMLR
/// 10, 2009, section 3: jumpstart, asymptotic performance, total reward, time to threshold. There
/// the axis is experience; here it is the shots, labelled target samples for each class.
///
/// ```
/// s(n), r(n): method and reference after n shots, n₀ < … < n_K, linear between
/// jump-start        s(n₀) − r(n₀)                                                       (1)
/// asymptotic gain   s(n_K) − r(n_K)                                                     (2)
/// area              ∫ s(n) dn / (n_K − n₀), by trapezoids                               (3)
/// label efficiency  n_r / n_s, the least n with r(n), s(n) at the threshold             (4)
/// threshold         the worse of s(n_K) and r(n_K)
/// ```
public struct LearningCurve: Sendable, Hashable {
  /// The score after one number of shots.
  public struct Point: Sendable, Hashable {
    /// The number of labelled target samples of each class.
    public let shots: Int
    /// The score, such as the mean over repetitions.
    public let score: Double

    /// A point of a curve.
    public init(shots: Int, score: Double) {
      self.shots = shots
      self.score = score
    }
  }

  /// The points, by ascending shots.
  public let points: [Point]

  /// A curve of two or more points; nil of fewer.
  ///
  /// - Precondition: no two points have the same number of shots, and scores are numbers.
  public init?(_ points: [Point]) {
    let sorted = points.sorted { $0.shots < $1.shots }
    precondition(
      zip(sorted, sorted.dropFirst()).allSatisfy { $0.shots < $1.shots },
      "A learning curve has one score for each number of shots.")
    precondition(
      points.allSatisfy { $0.score.isFinite && $0.shots >= 0 },
      "The scores of a learning curve are numbers.")
    guard sorted.count > 1 else { return nil }
    self.points = sorted
  }

  private var first: Point { points[0] }
  private var last: Point { points[points.count - 1] }

  /// (3): the mean score between the least and the most shots, by trapezoids.
  public var area: Double {
    let sum = zip(points, points.dropFirst()).reduce(0.0) { sum, ends in
      sum + Double(ends.1.shots - ends.0.shots) * (ends.0.score + ends.1.score) / 2
    }
    return sum / Double(last.shots - first.shots)
  }

  /// The least number of shots at which the score is as good as the threshold, linear between
  /// points; nil where it never is.
  ///
  /// The least number that was run where the score is as good from the start: there it is an upper
  /// bound.
  public func shots(toReach threshold: Double, direction: Metric.Direction) -> Double? {
    func isReached(_ score: Double) -> Bool {
      TransferGain.improvement(from: threshold, to: score, direction: direction).map { $0 >= 0 }
        ?? false
    }
    if isReached(first.score) { return Double(first.shots) }
    for (below, above) in zip(points, points.dropFirst()) where isReached(above.score) {
      let share = (threshold - below.score) / (above.score - below.score)
      return Double(below.shots) + share * Double(above.shots - below.shots)
    }
    return nil
  }

  /// What transfer did to a learning curve.
  public struct Transfer: Sendable, Hashable {
    /// (1): what the method is ahead by with the fewest labels.
    public let jumpStart: Double
    /// (2): what it is ahead by with the most labels.
    public let asymptoticGain: Double
    /// The method's area (3) less the reference's.
    public let areaGain: Double
    /// (4): how many times the labels the reference needs to reach what both reach.
    ///
    /// Above 1 where the method needs fewer. Nil where the metric has no better side. Where a curve
    /// starts above the threshold its count is the fewest shots that were run, so that the ratio is
    /// bounded by the range of shots.
    public let labelEfficiencyRatio: Double?
  }

  /// What transfer did: this curve against the reference's.
  ///
  /// Differences are in the metric's own unit and sign. Nil where the curves have not the same
  /// shots.
  public func transfer(over reference: LearningCurve, direction: Metric.Direction) -> Transfer? {
    guard points.map(\.shots) == reference.points.map(\.shots) else { return nil }
    return Transfer(
      jumpStart: first.score - reference.first.score,  // (1)
      asymptoticGain: last.score - reference.last.score,  // (2)
      areaGain: area - reference.area,
      labelEfficiencyRatio: labelEfficiency(over: reference, direction))
  }

  /// (4).
  private func labelEfficiency(
    over reference: LearningCurve, _ direction: Metric.Direction
  ) -> Double? {
    let threshold: Double
    switch direction {
    case .higherIsBetter: threshold = min(last.score, reference.last.score)
    case .lowerIsBetter: threshold = max(last.score, reference.last.score)
    case .neutral: return nil
    }
    guard let own = shots(toReach: threshold, direction: direction), own > 0,
      let other = reference.shots(toReach: threshold, direction: direction)
    else { return nil }
    return other / own
  }
}
