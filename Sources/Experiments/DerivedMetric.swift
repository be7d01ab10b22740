public import Metrics

/// A metric that compares cells, or counts what was left out of one.
///
/// What needs no other cell is in `MetricRegistry`.
public struct DerivedMetric: Sendable {
  /// The name in files.
  public let id: String
  /// The name in words.
  public let title: String
  /// Which way is better.
  public let direction: Metric.Direction
  /// What a cell needs to have it, in a word, as in `reference`.
  public let needs: String
  /// What it is, in a sentence.
  public let definition: String

  static let gain = "transfer-gain"
  static let normalizedGain = "normalized-gain"
  static let gainOverSourceOnly = "gain-over-source-only"
  static let forgetting = "forgetting"
  static let negativeTransferGap = "negative-transfer-gap"
  static let negativeFlips = "negative-flip-rate"
  static let positiveFlips = "positive-flip-rate"
  static let flipTest = "mcnemar-p-value"
  static let classesMadeWorse = "classes-made-worse"
  static let suppressedLevel = "suppressed-level"
  static let negativeTransferRate = "negative-transfer-rate"
  static let negativeTransferDepth = "negative-transfer-depth"
  /// Those whose summary is a mean and a spread alone.
  static let withoutInterval = [
    normalizedGain, forgetting, negativeTransferGap, negativeFlips, positiveFlips, classesMadeWorse,
  ]
  static func drift(_ measure: String) -> String { "\(measure)-drift" }
  static func driftFromSource(_ measure: String) -> String { "\(measure)-drift-from-source" }

  /// All of them, in the order in which they are shown.
  public static let all = [
    DerivedMetric(
      id: gain, title: "Transfer gain", direction: .higherIsBetter, needs: "reference",
      definition: "The accuracy less that of the setting's own no-transfer reference, on the same "
        + "split, shots and seed; clustering accuracy for a clustering."),
    DerivedMetric(
      id: normalizedGain, title: "Normalised gain", direction: .higherIsBetter, needs: "oracle",
      definition: "The gain over what the same learner on the fully labelled target gains; not "
        + "where that is no better than the reference."),
    DerivedMetric(
      id: gainOverSourceOnly, title: "Gain over source-only", direction: .higherIsBetter,
      needs: "source-only",
      definition: "The accuracy less that of the same learner on the source alone."),
    DerivedMetric(
      id: forgetting, title: "Forgetting", direction: .higherIsBetter, needs: "source-only",
      definition: "The accuracy of the adapted model back on the held-out source, less that of the "
        + "source-only model on the same samples: below 0 where it forgot."),
    DerivedMetric(
      id: negativeTransferGap, title: "Negative transfer gap", direction: .lowerIsBetter,
      needs: "target-only",
      definition: "The error less that of the same learner on the target's shots alone (Wang et "
        + "al., CVPR 2019)."),
    DerivedMetric(
      id: negativeFlips, title: "Negative flip rate", direction: .lowerIsBetter,
      needs: "reference",
      definition: "The share of samples that the reference has right and the method wrong."),
    DerivedMetric(
      id: positiveFlips, title: "Positive flip rate", direction: .higherIsBetter,
      needs: "reference",
      definition: "The share of samples that the reference has wrong and the method right."),
    DerivedMetric(
      id: flipTest, title: "McNemar's p-value", direction: .neutral, needs: "reference",
      definition: "The exact two-sided probability of flips at least as lopsided, if either "
        + "direction were as likely."),
    DerivedMetric(
      id: classesMadeWorse, title: "Classes made worse", direction: .lowerIsBetter,
      needs: "reference",
      definition: "The share of the present classes whose recall is lower than under the "
        + "reference; classes.csv says which."),
    DerivedMetric(
      id: CurveFigure.jumpStart, title: "Jump-start", direction: .higherIsBetter, needs: "shots",
      definition: "The gain over the reference at the fewest shots (Taylor and Stone, 2009)."),
    DerivedMetric(
      id: CurveFigure.asymptoticGain, title: "Asymptotic gain", direction: .higherIsBetter,
      needs: "shots", definition: "The gain over the reference at the most shots."),
    DerivedMetric(
      id: CurveFigure.areaGain, title: "Gain of the area under the learning curve",
      direction: .higherIsBetter, needs: "shots",
      definition: "The mean of the gain over the range of shots, by trapezoids."),
    DerivedMetric(
      id: CurveFigure.labelEfficiencyRatio, title: "Label-efficiency ratio",
      direction: .higherIsBetter, needs: "shots",
      definition: "How many times the labels the reference needs to reach the worse of the two "
        + "scores at the most shots."),
    DerivedMetric(
      id: GroupAccuracy.id, title: "Accuracy of a group", direction: .higherIsBetter,
      needs: "groups",
      definition: "The accuracy of one level of an attribute, or of one cell of an intersection."),
    DerivedMetric(
      id: suppressedLevel, title: "Suppressed level", direction: .neutral, needs: "groups",
      definition: "The number of test samples of a level, or of a cell of an intersection, that is "
        + "left out of every measure of groups because it has fewer than "
        + "\(GroupIntersections.leastCount)."),
    DerivedMetric(
      id: drift("MEASURE"), title: "Bias drift", direction: .neutral, needs: "reference",
      definition: "A measure of bias or ece-width-15, less its value under the reference."),
    DerivedMetric(
      id: driftFromSource("MEASURE"), title: "Bias drift from the source", direction: .neutral,
      needs: "source-only",
      definition: "A measure of bias or ece-width-15, less its value of the source model on the "
        + "held-out source."),
    DerivedMetric(
      id: negativeTransferRate, title: "Negative transfer rate", direction: .lowerIsBetter,
      needs: "reference", definition: "The share of pairs and repetitions with a gain below 0."),
    DerivedMetric(
      id: negativeTransferDepth, title: "Negative transfer depth", direction: .lowerIsBetter,
      needs: "reference",
      definition: "The mean over pairs and repetitions of the part of the gain below 0."),
  ]

  /// The one with that id; `MEASURE` stands for the measure that drifts.
  public static func named(_ id: String) -> DerivedMetric? { all.first { $0.id == id } }
}
