/// A number computed from an evaluation and a weight for each of its samples.
///
/// The work that doesn't depend on the weights (sorting, binning, taking logarithms) is done once
/// for each evaluation, so that a bootstrap pays it once and not for each resample.
public struct Statistic: Sendable {
  /// A statistic of one evaluation: from the samples' weights to a value, nil where undefined.
  public typealias Prepared = @Sendable (_ weights: SampleWeights) -> Double?

  /// The statistic's name.
  public let id: String
  private let preparation: @Sendable (Evaluation) -> Prepared?
  private let lanes: LaneStatistic?
  private let settling: (@Sendable ([Evaluation]) -> Statistic?)?

  /// A statistic that has a form for many resamples at once, and one for several evaluations
  /// together.
  init(
    id: String, lanes: LaneStatistic?,
    settling: (@Sendable ([Evaluation]) -> Statistic?)? = nil,
    preparing: @escaping @Sendable (Evaluation) -> Prepared?
  ) {
    self.id = id
    self.lanes = lanes
    self.settling = settling
    self.preparation = preparing
  }

  /// What a bootstrap of these evaluations resamples: of a gap the difference between the two levels
  /// that have the greatest and the least mean over them.
  public func settled(on evaluations: [Evaluation]) -> Statistic {
    settling?(evaluations) ?? self
  }

  /// A statistic with its preparation, which returns nil where the statistic doesn't apply.
  public init(id: String, preparing: @escaping @Sendable (Evaluation) -> Prepared?) {
    self.init(id: id, lanes: nil, preparing: preparing)
  }

  /// A statistic without preparation.
  public init(
    id: String, value: @escaping @Sendable (Evaluation, _ weights: [Double]) -> Double?
  ) {
    self.init(id: id) { evaluation in { weights in value(evaluation, weights.values) } }
  }

  /// The statistic of one evaluation, ready for any weights; nil where it doesn't apply.
  ///
  /// What it returns is a finite number or nil.
  public func prepared(_ evaluation: Evaluation) -> Prepared? {
    guard evaluation.sampleCount > 0, let score = preparation(evaluation) else { return nil }
    let count = evaluation.sampleCount
    return { weights in
      precondition(weights.values.count == count, "A statistic needs one weight for each sample.")
      guard let value = score(weights), value.isFinite else { return nil }
      return value
    }
  }

  /// Whether a bootstrap computes it for all its resamples, being a function of counts of samples;
  /// other statistics see the first `Resampling.blockWidth` alone.
  var isOfCounts: Bool { lanes?.isOfCounts ?? false }

  /// The statistic of one evaluation, ready for many resamples at once; nil where it has no such
  /// form.
  func lanes(_ evaluation: Evaluation) -> LaneStatistic.Prepared? {
    lanes.flatMap { $0.preparing(evaluation) }
  }

  /// The statistic of one evaluation under weights whose sums other statistics use too; nil where
  /// it doesn't apply.
  public func value(_ evaluation: Evaluation, sharing weights: SampleWeights) -> Double? {
    prepared(evaluation)?(weights)
  }

  /// The statistic of one evaluation under the samples' weights; nil where it doesn't apply.
  public func value(_ evaluation: Evaluation, weights: [Double]) -> Double? {
    prepared(evaluation)?(SampleWeights(weights))
  }
}
