public import Domains

/// A bias measure: how differently a model treats the levels of a sensitive attribute.
///
/// Differences are the greatest minus the least value over the levels, as of fairlearn, never
/// negative. A level is left out where its value is undefined: it has no samples (or no weight),
/// or no samples of the class that the rate is taken over, where fairlearn takes a rate of 0; or it
/// is suppressed, having fewer samples than the evaluation shows. A difference or ratio with fewer
/// than two levels left doesn't apply. The measures that need an outcome (demographic parity, equal
/// opportunity, equalised odds, predictive parity) take class 1 as the positive one and don't apply
/// to more than two classes.
public struct GroupMetric: Sendable {
  /// The name in files and on the command line, as in `accuracy-gap`.
  public let id: String
  /// The name in tables, as in "Accuracy gap".
  public let title: String
  /// Which way is better.
  public let direction: Metric.Direction
  /// What it is, in a sentence.
  public let definition: String
  /// Whether a comparison resamples it: see `Metric.isResampled`.
  public let isResampled: Bool
  private let gap: Gap?
  private let lanes: (@Sendable (_ group: String) -> LaneStatistic)?
  private let preparation: @Sendable (Evaluation, Domain.Group) -> Statistic.Prepared?

  /// A measure that is prepared once for each evaluation and attribute.
  public init(
    id: String, title: String, direction: Metric.Direction, definition: String = "",
    isResampled: Bool = true,
    preparing: @escaping @Sendable (Evaluation, Domain.Group) -> Statistic.Prepared?
  ) {
    self.init(
      id: id, title: title, direction: direction, definition: definition, isResampled: isResampled,
      gap: nil, lanes: nil, preparing: preparing)
  }

  /// A measure with a form for many resamples at once; `gap` is what it compares, nil of one that
  /// is no function of rates of outcomes.
  init(
    id: String, title: String, direction: Metric.Direction, definition: String = "",
    isResampled: Bool = true, gap: Gap?,
    lanes: (@Sendable (_ group: String) -> LaneStatistic)?,
    preparing: @escaping @Sendable (Evaluation, Domain.Group) -> Statistic.Prepared?
  ) {
    self.gap = gap
    self.lanes = lanes
    self.id = id
    self.title = title
    self.direction = direction
    self.definition = definition
    self.isResampled = isResampled
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
    Statistic(
      id: id, lanes: lanes?(name),
      settling: { [id, gap] in gap?.settled(id, on: $0, group: name) },
      preparing: { [preparation] evaluation in
        guard let group = evaluation.groups.first(where: { $0.name == name }) else { return nil }
        return preparation(evaluation, group)
      })
  }
}

extension GroupMetric {
  /// The difference of the rates at which the positive class is predicted, P(ŷ = 1 | level).
  public static let demographicParityDifference = GroupMetric(
    id: "demographic-parity-difference", title: "Demographic parity difference",
    direction: .lowerIsBetter,
    definition: "The greatest minus the least P(ŷ = 1 | level).",
    gap: .between([.selection]), lanes: LaneStatistic.demographicParity
  ) { evaluation, group in
    GroupOutcomes.preparedSpread(evaluation, group) { $0.selectionRates }
  }

  /// The difference of the true positive rates, P(ŷ = 1 | y = 1, level).
  ///
  /// M. Hardt, E. Price, N. Srebro. "Equality of opportunity in supervised learning." NIPS 2016.
  public static let equalOpportunityDifference = GroupMetric(
    id: "equal-opportunity-difference", title: "Equal opportunity difference",
    direction: .lowerIsBetter,
    definition: "The greatest minus the least true positive rate, P(ŷ = 1 | y = 1, level).",
    gap: .between([.truePositive]), lanes: LaneStatistic.equalOpportunity
  ) { evaluation, group in
    GroupOutcomes.preparedSpread(evaluation, group) { $0.rates(ofClass: 1) }
  }

  /// The greater of the differences of the true and of the false positive rates.
  ///
  /// Hardt et al., NIPS 2016; fairlearn's worst case. Where one of the two rates has fewer than two
  /// levels, the measure doesn't apply.
  public static let equalisedOddsDifference = GroupMetric(
    id: "equalised-odds-difference", title: "Equalised odds difference", direction: .lowerIsBetter,
    definition: "The greater of the differences of the true and of the false positive rates.",
    gap: .between([.truePositive, .falsePositive]), lanes: LaneStatistic.equalisedOdds
  ) { evaluation, group in
    let truePositives = GroupOutcomes.preparedSpread(evaluation, group) { $0.rates(ofClass: 1) }
    let falsePositives = GroupOutcomes.preparedSpread(evaluation, group) { $0.rates(ofClass: 0) }
    guard let truePositives, let falsePositives else { return nil }
    return { weights in
      guard let first = truePositives(weights), let second = falsePositives(weights) else {
        return nil
      }
      return max(first, second)
    }
  }

  /// The difference of the precisions, P(y = 1 | ŷ = 1, level).
  ///
  /// A. Chouldechova. "Fair prediction with disparate impact: a study of bias in recidivism
  /// prediction instruments." Big Data 5(2), 2017. A level of which nobody is predicted positive is
  /// left out.
  public static let predictiveParityDifference = GroupMetric(
    id: "predictive-parity-difference", title: "Predictive parity difference",
    direction: .lowerIsBetter,
    definition: "The greatest minus the least precision, P(y = 1 | ŷ = 1, level).",
    gap: .between([.precision]), lanes: LaneStatistic.predictiveParity
  ) { evaluation, group in
    GroupOutcomes.preparedSpread(evaluation, group) { $0.precisions }
  }

  /// The difference of the accuracies.
  public static let accuracyGap = GroupMetric(
    id: "accuracy-gap", title: "Accuracy gap", direction: .lowerIsBetter,
    definition: "The greatest minus the least accuracy of a level.",
    gap: .between([.accuracy]), lanes: LaneStatistic.accuracyGap
  ) { evaluation, group in
    let outcomes = GroupOutcomes.prepared(evaluation, group)
    return { weights in spread(outcomes(weights).accuracies.compactMap { $0 }, least: 2) }
  }

  /// The difference of the expected calibration errors, as of `Metric.ece`.
  public static let calibrationGap = GroupMetric(
    id: "calibration-gap", title: "Calibration gap", direction: .lowerIsBetter,
    definition: "The greatest minus the least expected calibration error of a level, in 15 bins of "
      + "equal width.",
    gap: nil, lanes: LaneStatistic.calibrationGap
  ) { evaluation, group in
    guard let binned = evaluation.calibrationBins else { return nil }
    let levels = group.levels.count
    let count = CalibrationBins.count
    let outcomes = GroupOutcomes.prepared(evaluation, group)
    let cells = SampleCells(
      zip(group.members, binned.bins.cells).map { $0 * count + $1 }, count: levels * count)
    let shown = evaluation.shownLevels(of: group)
    return { weights in
      let totals = outcomes(weights).totals
      let gaps = weights.sums(cells, times: binned.residuals)
      var errors: [Double] = []
      for level in 0..<levels where totals[level] > 0 && shown[level] {
        var error = 0.0
        for cell in level * count..<(level + 1) * count { error += abs(gaps[cell]) }
        errors.append(error / totals[level])
      }
      return spread(errors, least: 2)
    }
  }

  /// The least accuracy over the levels that are present.
  public static let worstGroupAccuracy = GroupMetric(
    id: "worst-group-accuracy", title: "Worst-group accuracy", direction: .higherIsBetter,
    definition: "The least accuracy of a level.",
    gap: .least(.accuracy), lanes: LaneStatistic.worstGroupAccuracy
  ) { evaluation, group in
    let outcomes = GroupOutcomes.prepared(evaluation, group)
    return { weights in outcomes(weights).accuracies.compactMap { $0 }.min() }
  }

  /// The ratio of the least to the greatest P(ŷ = 1 | level).
  ///
  /// Not applicable where nobody is predicted positive, as for the other ratios where their
  /// greatest rate is 0.
  public static let demographicParityRatio = GroupMetric(
    id: "demographic-parity-ratio", title: "Demographic parity ratio", direction: .higherIsBetter,
    definition: "The least over the greatest P(ŷ = 1 | level).", isResampled: false
  ) { evaluation, group in
    GroupOutcomes.preparedRatio(evaluation, group) { $0.selectionRates }
  }

  /// The ratio of the least to the greatest true positive rate.
  public static let equalOpportunityRatio = GroupMetric(
    id: "equal-opportunity-ratio", title: "Equal opportunity ratio", direction: .higherIsBetter,
    definition: "The least over the greatest true positive rate.", isResampled: false
  ) { evaluation, group in
    GroupOutcomes.preparedRatio(evaluation, group) { $0.rates(ofClass: 1) }
  }

  /// The lesser of the ratios of the true and of the false positive rates; fairlearn's worst case.
  public static let equalisedOddsRatio = GroupMetric(
    id: "equalised-odds-ratio", title: "Equalised odds ratio", direction: .higherIsBetter,
    definition: "The lesser of the ratios of the true and of the false positive rates.",
    isResampled: false
  ) { evaluation, group in
    let truePositives = GroupOutcomes.preparedRatio(evaluation, group) { $0.rates(ofClass: 1) }
    let falsePositives = GroupOutcomes.preparedRatio(evaluation, group) { $0.rates(ofClass: 0) }
    guard let truePositives, let falsePositives else { return nil }
    return { weights in
      guard let first = truePositives(weights), let second = falsePositives(weights) else {
        return nil
      }
      return min(first, second)
    }
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
    let accuracies = GroupOutcomes.prepared(evaluation, group)(SampleWeights(weights)).accuracies
    return zip(group.levels, accuracies).map { level, accuracy in
      Row(label: label(group: group.name, level: level), value: accuracy)
    }
  }

  /// The accuracy of one level of an attribute as what a bootstrap resamples.
  ///
  /// It doesn't apply to an evaluation without the attribute or the level.
  public static func statistic(group name: String, level: String) -> Statistic {
    Statistic(id: id, lanes: .groupAccuracy(of: name, level: level)) { evaluation in
      guard let group = evaluation.groups.first(where: { $0.name == name }),
        let index = group.levels.firstIndex(of: level)
      else { return nil }
      let outcomes = GroupOutcomes.prepared(evaluation, group)
      return { weights in outcomes(weights).accuracies[index] }
    }
  }

  /// The label of a level of an attribute: `sex=female`.
  public static func label(group: String, level: String) -> String { "\(group)=\(level)" }
}

/// The weight of each outcome on each level of an attribute: what all group measures but the
/// calibration gap are computed from.
private struct GroupOutcomes {
  /// Eight weights for each level, at 4 · right + 2 · [true class is 1] + [predicted class is 1].
  let weights: [Double]
  /// Whether each level is shown.
  let shown: [Bool]

  /// The outcomes of an evaluation, ready for any weights.
  static func prepared(
    _ evaluation: Evaluation, _ group: Domain.Group
  ) -> @Sendable (SampleWeights) -> GroupOutcomes {
    let cells = evaluation.outcomeCells(of: group)
    let shown = evaluation.shownLevels(of: group)
    return { weights in GroupOutcomes(weights: weights.sums(cells), shown: shown) }
  }

  /// The spread over the levels of a rate; nil for more or fewer than two classes.
  static func preparedSpread(
    _ evaluation: Evaluation, _ group: Domain.Group,
    of rates: @escaping @Sendable (GroupOutcomes) -> [Double]
  ) -> Statistic.Prepared? {
    guard evaluation.classCount == 2 else { return nil }
    let outcomes = prepared(evaluation, group)
    return { weights in spread(rates(outcomes(weights)), least: 2) }
  }

  /// The least over the greatest of a rate of the levels; nil for more or fewer than two classes.
  static func preparedRatio(
    _ evaluation: Evaluation, _ group: Domain.Group,
    of rates: @escaping @Sendable (GroupOutcomes) -> [Double]
  ) -> Statistic.Prepared? {
    guard evaluation.classCount == 2 else { return nil }
    let outcomes = prepared(evaluation, group)
    return { weights in
      let rates = rates(outcomes(weights))
      guard rates.count > 1, let low = rates.min(), let high = rates.max(), high > 0 else {
        return nil
      }
      return low / high
    }
  }

  private var levels: StrideTo<Int> { stride(from: 0, to: weights.count, by: 8) }

  private var shownLevels: [Int] { levels.filter { shown[$0 / 8] } }

  /// The weight of each level.
  var totals: [Double] { levels.map { total(Array(weights[$0..<$0 + 8])) } }

  /// The accuracy on each level; nil for a level without weight or not shown.
  var accuracies: [Double?] {
    zip(levels, totals).map { level, whole in
      whole > 0 && shown[level / 8] ? total(Array(weights[level + 4..<level + 8])) / whole : nil
    }
  }

  /// P(ŷ = 1) on each level that has samples.
  var selectionRates: [Double] {
    shownLevels.compactMap { level in
      rate(
        positive: weight(level, 1) + weight(level, 3),
        negative: weight(level, 0) + weight(level, 2))
    }
  }

  /// P(ŷ = 1 | y = label) on each level that has samples of that class.
  func rates(ofClass label: Int) -> [Double] {
    shownLevels.compactMap { level in
      rate(positive: weight(level, 2 * label + 1), negative: weight(level, 2 * label))
    }
  }

  /// P(y = 1 | ŷ = 1) on each level of which somebody is predicted positive.
  var precisions: [Double] {
    shownLevels.compactMap { level in rate(positive: weight(level, 3), negative: weight(level, 1)) }
  }

  /// The weight on a level at 2 · [true class is 1] + [predicted class is 1].
  private func weight(_ level: Int, _ outcome: Int) -> Double {
    weights[level + outcome] + weights[level + 4 + outcome]
  }

  private func rate(positive: Double, negative: Double) -> Double? {
    positive + negative > 0 ? positive / (positive + negative) : nil
  }
}
