/// A score of predictions: what it is called, which way is better, how it is computed.
public struct Metric: Sendable {
  /// Which values of a score are the good ones.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    /// A greater value is better, as of accuracy.
    case higherIsBetter
    /// A smaller value is better, as of a loss.
    case lowerIsBetter
    /// No value is better in itself.
    case neutral
  }

  /// The name in files and on the command line, as in `balanced-accuracy`.
  public let id: String
  /// The name in tables, as in "Balanced accuracy".
  public let title: String
  /// Which way is better.
  public let direction: Direction
  /// What it is, in a sentence.
  public let definition: String
  /// Whether a comparison resamples it.
  ///
  /// What costs more than a pass over a table of counts for each resample isn't: of that a
  /// comparison gives the mean over repetitions with Student's t interval, and no gain.
  public let isResampled: Bool
  /// The metric as what a bootstrap resamples.
  public let statistic: Statistic

  /// A metric that is prepared once for each evaluation.
  public init(
    id: String, title: String, direction: Direction, definition: String = "",
    isResampled: Bool = true,
    preparing: @escaping @Sendable (Evaluation) -> Statistic.Prepared?
  ) {
    self.init(
      id: id, title: title, direction: direction, definition: definition, isResampled: isResampled,
      lanes: nil, preparing: preparing)
  }

  /// A metric with a form for many resamples at once, and perhaps one for several evaluations
  /// together: see `Statistic.settled(on:)`.
  init(
    id: String, title: String, direction: Direction, definition: String = "",
    isResampled: Bool = true, lanes: LaneStatistic?,
    settling: (@Sendable ([Evaluation]) -> Statistic?)? = nil,
    preparing: @escaping @Sendable (Evaluation) -> Statistic.Prepared?
  ) {
    self.id = id
    self.title = title
    self.direction = direction
    self.definition = definition
    self.isResampled = isResampled
    self.statistic = Statistic(id: id, lanes: lanes, settling: settling, preparing: preparing)
  }

  /// The score under the samples' weights; nil where the metric doesn't apply.
  ///
  /// A weight w counts a sample as w samples alike; a sample of weight 0 isn't there.
  public func value(_ evaluation: Evaluation, weights: [Double]) -> Double? {
    statistic.value(evaluation, weights: weights)
  }

  /// The score with every sample counted once; nil where the metric doesn't apply.
  public func value(_ evaluation: Evaluation) -> Double? {
    value(evaluation, weights: evaluation.unitWeights)
  }
}
