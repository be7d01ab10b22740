public import Domains

/// A bias measure: how differently a model treats the levels of a sensitive attribute.
///
/// Differences are the greatest minus the least value over the levels, as of fairlearn, never
/// negative. A level is left out where its value is undefined: it has no samples (or no weight),
/// or no samples of the class that the rate is taken over. A difference with fewer than two levels
/// left doesn't apply. The measures that need an outcome (demographic parity, equal opportunity,
/// equalised odds) take class 1 as the positive one and don't apply to more than two classes.
public struct GroupMetric: Sendable {
  /// The name in files and on the command line, as in `accuracy-gap`.
  public let id: String
  /// The name in tables, as in "Accuracy gap".
  public let title: String
  /// Which way is better.
  public let direction: Metric.Direction
  private let preparation: @Sendable (Evaluation, Domain.Group) -> Statistic.Prepared?

  /// A measure that is prepared once for each evaluation and attribute.
  public init(
    id: String, title: String, direction: Metric.Direction,
    preparing: @escaping @Sendable (Evaluation, Domain.Group) -> Statistic.Prepared?
  ) {
    self.id = id
    self.title = title
    self.direction = direction
    self.preparation = preparing
  }

  /// The measure under the samples' weights; nil where it doesn't apply.
  public func value(
    _ evaluation: Evaluation, group: Domain.Group, weights: [Double]
  ) -> Double? {
    precondition(
      group.members.count == evaluation.sampleCount, "A group has one member for each sample.")
    return Statistic(id: id) { preparation($0, group) }.value(evaluation, weights: weights)
  }

  /// The measure with every sample counted once; nil where it doesn't apply.
  public func value(_ evaluation: Evaluation, group: Domain.Group) -> Double? {
    value(evaluation, group: group, weights: evaluation.unitWeights)
  }

  /// The measure of the attribute of that name as what a bootstrap resamples.
  ///
  /// It doesn't apply to an evaluation without the attribute.
  public func statistic(group name: String) -> Statistic {
    Statistic(id: id) { evaluation in
      guard let group = evaluation.groups.first(where: { $0.name == name }) else { return nil }
      return preparation(evaluation, group)
    }
  }
}

extension GroupMetric {
  /// The difference of the rates at which the positive class is predicted, P(ŷ = 1 | level).
  public static let demographicParityDifference = GroupMetric(
    id: "demographic-parity-difference", title: "Demographic parity difference",
    direction: .lowerIsBetter
  ) { evaluation, group in
    BinaryOutcomes.prepared(evaluation, group) { $0.selectionRates }
  }

  /// The difference of the true positive rates, P(ŷ = 1 | y = 1, level).
  ///
  /// M. Hardt, E. Price, N. Srebro. "Equality of opportunity in supervised learning." NIPS 2016.
  public static let equalOpportunityDifference = GroupMetric(
    id: "equal-opportunity-difference", title: "Equal opportunity difference",
    direction: .lowerIsBetter
  ) { evaluation, group in
    BinaryOutcomes.prepared(evaluation, group) { $0.rates(ofClass: 1) }
  }

  /// The greater of the differences of the true and of the false positive rates.
  ///
  /// Hardt et al., NIPS 2016; fairlearn's worst case. Where one of the two rates has fewer than two
  /// levels, the measure doesn't apply.
  public static let equalisedOddsDifference = GroupMetric(
    id: "equalised-odds-difference", title: "Equalised odds difference", direction: .lowerIsBetter
  ) { evaluation, group in
    let truePositives = BinaryOutcomes.prepared(evaluation, group) { $0.rates(ofClass: 1) }
    let falsePositives = BinaryOutcomes.prepared(evaluation, group) { $0.rates(ofClass: 0) }
    guard let truePositives, let falsePositives else { return nil }
    return { weights in
      guard let first = truePositives(weights), let second = falsePositives(weights) else {
        return nil
      }
      return max(first, second)
    }
  }

  /// The difference of the accuracies.
  public static let accuracyGap = GroupMetric(
    id: "accuracy-gap", title: "Accuracy gap", direction: .lowerIsBetter
  ) { evaluation, group in
    let accuracies = preparedAccuracies(evaluation, group)
    return { weights in spread(accuracies(weights).compactMap { $0 }, least: 2) }
  }

  /// The difference of the expected calibration errors, as of `Metric.ece`.
  public static let calibrationGap = GroupMetric(
    id: "calibration-gap", title: "Calibration gap", direction: .lowerIsBetter
  ) { evaluation, group in
    guard let binned = CalibrationBins(evaluation) else { return nil }
    let levels = group.levels.count
    let count = CalibrationBins.count
    let cells = zip(group.members, binned.bins).map { $0 * count + $1 }
    return { weights in
      let totals = sums(weights, by: group.members, count: levels)
      let gaps = sums(weights, times: binned.residuals, by: cells, count: levels * count)
      var errors: [Double] = []
      for level in 0..<levels where totals[level] > 0 {
        var error = 0.0
        for cell in level * count..<(level + 1) * count { error += abs(gaps[cell]) }
        errors.append(error / totals[level])
      }
      return spread(errors, least: 2)
    }
  }

  /// The least accuracy over the levels that are present.
  public static let worstGroupAccuracy = GroupMetric(
    id: "worst-group-accuracy", title: "Worst-group accuracy", direction: .higherIsBetter
  ) { evaluation, group in
    let accuracies = preparedAccuracies(evaluation, group)
    return { weights in accuracies(weights).compactMap { $0 }.min() }
  }
}

/// The accuracy of each level of a sensitive attribute.
public enum GroupAccuracy {
  /// The name in files, as in a row's metric.
  public static let id = "group-accuracy"

  /// The accuracy of one level.
  public struct Row: Sendable, Hashable {
    /// The attribute and the level, as in `sex=female`.
    public let label: String
    /// The share of the level's samples predicted right; nil where it has none.
    public let value: Double?
  }

  /// The accuracy of each level, in their order.
  public static func rows(
    _ evaluation: Evaluation, group: Domain.Group, weights: [Double]
  ) -> [Row] {
    precondition(
      weights.count == evaluation.sampleCount, "A statistic needs one weight for each sample.")
    precondition(
      group.members.count == evaluation.sampleCount, "A group has one member for each sample.")
    let accuracies = preparedAccuracies(evaluation, group)(weights)
    return zip(group.levels, accuracies).map { level, accuracy in
      Row(label: label(group: group.name, level: level), value: accuracy)
    }
  }

  /// The accuracy of one level of an attribute as what a bootstrap resamples.
  ///
  /// It doesn't apply to an evaluation without the attribute or the level.
  public static func statistic(group name: String, level: String) -> Statistic {
    Statistic(id: id) { evaluation in
      guard let group = evaluation.groups.first(where: { $0.name == name }),
        let index = group.levels.firstIndex(of: level)
      else { return nil }
      let accuracies = preparedAccuracies(evaluation, group)
      return { weights in accuracies(weights)[index] }
    }
  }

  /// The label of a level of an attribute: `sex=female`.
  public static func label(group: String, level: String) -> String { "\(group)=\(level)" }
}

/// The accuracy of each level, ready for any weights; nil for a level without weight.
private func preparedAccuracies(
  _ evaluation: Evaluation, _ group: Domain.Group
) -> @Sendable ([Double]) -> [Double?] {
  let hits = evaluation.hits
  let count = group.levels.count
  return { weights in
    let totals = sums(weights, by: group.members, count: count)
    let right = sums(weights, times: hits, by: group.members, count: count)
    return zip(right, totals).map { $1 > 0 ? $0 / $1 : nil }
  }
}

/// The weight of each true and predicted outcome on each level, for two classes.
private struct BinaryOutcomes {
  /// Four weights for each level, at 2 · true class + predicted class.
  let weights: [Double]

  /// The spread over the levels of a rate; nil for more or fewer than two classes.
  static func prepared(
    _ evaluation: Evaluation, _ group: Domain.Group,
    rates: @escaping @Sendable (BinaryOutcomes) -> [Double]
  ) -> Statistic.Prepared? {
    guard evaluation.classCount == 2 else { return nil }
    let cells = (0..<evaluation.sampleCount).map { row in
      4 * group.members[row] + 2 * evaluation.labels[row]
        + (evaluation.predictedClasses[row] == 1 ? 1 : 0)
    }
    let count = 4 * group.levels.count
    return { weights in
      spread(rates(BinaryOutcomes(weights: sums(weights, by: cells, count: count))), least: 2)
    }
  }

  /// P(ŷ = 1) on each level that has samples.
  var selectionRates: [Double] {
    stride(from: 0, to: weights.count, by: 4).compactMap { cell in
      rate(
        positive: weights[cell + 1] + weights[cell + 3],
        negative: weights[cell] + weights[cell + 2])
    }
  }

  /// P(ŷ = 1 | y = label) on each level that has samples of that class.
  func rates(ofClass label: Int) -> [Double] {
    stride(from: 2 * label, to: weights.count, by: 4).compactMap { cell in
      rate(positive: weights[cell + 1], negative: weights[cell])
    }
  }

  private func rate(positive: Double, negative: Double) -> Double? {
    positive + negative > 0 ? positive / (positive + negative) : nil
  }
}
