import Domains

/// Which levels of an attribute, or classes, a measure of bias compares, over several repetitions.
///
/// A gap is the greatest minus the least rate of the levels. Where levels hardly differ it is made of
/// noise, and the mean over repetitions of such magnitudes is too great however many there are. Over
/// repetitions together it is therefore the gap of the mean rates:
///
/// ```
/// u = argmax_l 1/R Σ_r rate_r(l),   v = argmin_l 1/R Σ_r rate_r(l)
/// gap = 1/R Σ_r [rate_r(u) − rate_r(v)]
/// ```
///
/// with u and v as the data have them in every resample. So held, it is a difference of means, whose
/// bootstrap covers; its own magnitude is what no first-order bootstrap does near 0 (D. W. K.
/// Andrews, "Inconsistency of the bootstrap when a parameter is on the boundary of the parameter
/// space", Econometrica 68(2), 2000). <doc:Coverage> says how well, and where the drift between two
/// small gaps of opposite directions is covered too seldom.
enum Gap: Sendable {
  /// The greatest of the gaps of these rates.
  case between([Rate])
  /// The least rate.
  case least(Rate)

  /// A rate of outcomes on a level: see `GroupOutcomes` for their numbers.
  enum Rate: Sendable {
    case accuracy, selection, truePositive, falsePositive, precision

    /// The outcomes that count.
    var parts: [Int] {
      switch self {
      case .accuracy: [4, 5, 6, 7]
      case .selection: [1, 3, 5, 7]
      case .truePositive, .precision: [3, 7]
      case .falsePositive: [1, 5]
      }
    }

    /// The outcomes among which they are counted.
    var wholes: [Int] {
      switch self {
      case .accuracy, .selection: Array(0..<8)
      case .truePositive: [2, 3, 6, 7]
      case .falsePositive: [0, 1, 4, 5]
      case .precision: [1, 3, 5, 7]
      }
    }

    /// The rate on a level; nil where it is undefined.
    func value(_ outcomes: [Double], _ level: Int) -> Double? {
      let whole = wholes.reduce(0) { $0 + outcomes[8 * level + $1] }
      return whole > 0 ? parts.reduce(0) { $0 + outcomes[8 * level + $1] } / whole : nil
    }

    /// The places of two levels; nil where one isn't shown.
    func ends(
      _ evaluation: Evaluation, _ group: Domain.Group, from bottom: String, to top: String
    ) -> (bottom: Int, top: Int)? {
      guard let low = group.levels.firstIndex(of: bottom),
        let high = group.levels.firstIndex(of: top)
      else { return nil }
      let shown = evaluation.shownLevels(of: group)
      return shown[low] && shown[high] ? (low, high) : nil
    }
  }

  /// The measure between the levels that the evaluations together have at its ends; nil where the
  /// measure doesn't apply.
  func settled(_ id: String, on evaluations: [Evaluation], group name: String) -> Statistic? {
    switch self {
    case .least(let rate):
      return Self.ends(rate, evaluations, name).map {
        GroupAccuracy.statistic(group: name, level: $0.bottom)
      }
    case .between(let rates):
      guard rates.first == .accuracy || evaluations.allSatisfy({ $0.classCount == 2 }) else {
        return nil
      }
      let ends = rates.map { Self.ends($0, evaluations, name) }
      let known = zip(rates, ends).compactMap { rate, ends in
        ends.flatMap { $0.bottom == $0.top ? nil : (rate: rate, ends: $0) }
      }
      guard known.count == rates.count,
        let widest = known.max(by: { $0.ends.width < $1.ends.width })
      else { return nil }
      let (rate, bottom, top) = (widest.rate, widest.ends.bottom, widest.ends.top)
      return Statistic(id: id, lanes: .difference(rate, of: name, from: bottom, to: top)) {
        evaluation in
        guard let group = evaluation.groups.first(where: { $0.name == name }),
          let ends = rate.ends(evaluation, group, from: bottom, to: top)
        else { return nil }
        let cells = evaluation.outcomeCells(of: group)
        return { weights in
          let outcomes = weights.sums(cells)
          guard let high = rate.value(outcomes, ends.top),
            let low = rate.value(outcomes, ends.bottom)
          else { return nil }
          return high - low
        }
      }
    }
  }

  /// The levels with the least and the greatest mean rate, two of them where all are equal, and how
  /// far apart they are.
  private static func ends(
    _ rate: Rate, _ evaluations: [Evaluation], _ name: String
  ) -> (bottom: String, top: String, width: Double)? {
    var means: [(level: String, values: [Double])] = []
    for evaluation in evaluations {
      guard let group = evaluation.groups.first(where: { $0.name == name }) else { continue }
      let outcomes = SampleWeights(evaluation.unitWeights).sums(evaluation.outcomeCells(of: group))
      for (place, shown) in evaluation.shownLevels(of: group).enumerated() where shown {
        guard let value = rate.value(outcomes, place) else { continue }
        let level = group.levels[place]
        if let known = means.firstIndex(where: { $0.level == level }) {
          means[known].values.append(value)
        } else {
          means.append((level, [value]))
        }
      }
    }
    let averages = means.map { (level: $0.level, mean: average($0.values)) }
    guard let bottom = averages.min(by: { $0.mean < $1.mean }),
      let top = averages.reversed().max(by: { $0.mean < $1.mean })
    else { return nil }
    return (bottom.level, top.level, top.mean - bottom.mean)
  }

  /// The gap between the recalls of the classes that have the least and the greatest mean over the
  /// evaluations; nil where no two have.
  @Sendable static func settlingRecalls(_ evaluations: [Evaluation]) -> Statistic? {
    let recalls = evaluations.map { ConfusionMatrix($0, weights: $0.unitWeights).recalls }
    let means = (0..<(recalls.first?.count ?? 0)).compactMap {
      label -> (label: Int, mean: Double)? in
      let known = recalls.compactMap { $0[label] }
      return known.isEmpty ? nil : (label, average(known))
    }
    guard let bottom = means.min(by: { $0.mean < $1.mean })?.label,
      let top = means.reversed().max(by: { $0.mean < $1.mean })?.label, bottom != top
    else { return nil }
    return Statistic(id: Metric.recallGap.id, lanes: .recallDifference(from: bottom, to: top)) {
      evaluation in
      let confusion = ConfusionMatrix.prepared(evaluation)
      return { weights in
        let recalls = confusion(weights).recalls
        guard let high = recalls[top], let low = recalls[bottom] else { return nil }
        return high - low
      }
    }
  }
}
