import Domains
import Metrics

/// A measure of bias and what it compares: the levels of an attribute, or the classes.
struct BiasMeasure: Sendable {
  let id: String
  /// The attribute's name, or `class`.
  let group: String
  let statistic: Statistic
  /// Whether a comparison resamples it.
  let isResampled: Bool

  /// Each measure of one evaluation.
  static func values(_ measures: [BiasMeasure], _ evaluation: Evaluation) -> [Double?] {
    let weights = SampleWeights(evaluation.unitWeights)
    return measures.map { $0.statistic.value(evaluation, sharing: weights) }
  }

  /// The measures for a task with these sensitive attributes.
  static func all(groups: [Domain.Group]) -> [BiasMeasure] {
    MetricRegistry.classBias.map {
      BiasMeasure(
        id: $0.id, group: "class", statistic: $0.statistic, isResampled: $0.isResampled)
    }
      + groups.flatMap { group in
        MetricRegistry.group.map {
          BiasMeasure(
            id: $0.id, group: group.name, statistic: $0.statistic(group: group.name),
            isResampled: $0.isResampled)
        }
      }
  }

  /// What drifts: the measures of bias, and before them the calibration error, a score of the task
  /// that says whether the model still knows how sure it may be.
  static func drifting(groups: [Domain.Group]) -> [BiasMeasure] {
    [
      BiasMeasure(
        id: Metric.ece.id, group: "", statistic: Metric.ece.statistic,
        isResampled: Metric.ece.isResampled)
    ] + all(groups: groups)
  }

  /// The one that tables show: the accuracy gap between the levels of the first attribute, or
  /// between the classes where there is none.
  static func headline(groups: [Domain.Group]) -> BiasMeasure {
    if let group = groups.first {
      return BiasMeasure(
        id: GroupMetric.accuracyGap.id, group: group.name,
        statistic: GroupMetric.accuracyGap.statistic(group: group.name),
        isResampled: GroupMetric.accuracyGap.isResampled)
    }
    return BiasMeasure(
      id: Metric.recallGap.id, group: "class", statistic: Metric.recallGap.statistic,
      isResampled: Metric.recallGap.isResampled)
  }
}
