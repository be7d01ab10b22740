/// The metrics that are computed for every evaluation, in the order of tables and files.
public enum MetricRegistry {
  /// The scores of the task.
  public static let task: [Metric] = [
    .accuracy, .balancedAccuracy, .macroPrecision, .macroRecall, .macroF1, .logLoss, .brier, .ece,
    .eceOfEqualMass, .auroc, .aurocOneVsRest, .averagePrecision, .averagePrecisionOneVsRest,
    .adjustedRandIndex, .normalizedMutualInformation, .adjustedMutualInformation, .homogeneity,
    .completeness, .vMeasure, .clusteringAccuracy,
  ]

  /// The bias measures that need no sensitive attribute: the classes are the groups.
  public static let classBias: [Metric] = [.recallGap, .worstClassRecall, .marginalShift]

  /// The bias measures of a sensitive attribute.
  public static let group: [GroupMetric] = [
    .demographicParityDifference, .equalOpportunityDifference, .equalisedOddsDifference,
    .predictiveParityDifference, .accuracyGap, .calibrationGap, .worstGroupAccuracy,
    .demographicParityRatio, .equalOpportunityRatio, .equalisedOddsRatio,
  ]

  /// The metric with that id, of the task or of class bias.
  public static func metric(_ id: String) -> Metric? {
    (task + classBias).first { $0.id == id }
  }

  /// The group measure with that id.
  public static func groupMetric(_ id: String) -> GroupMetric? {
    group.first { $0.id == id }
  }
}
