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

  /// A statistic with its preparation, which returns nil where the statistic doesn't apply.
  public init(id: String, preparing: @escaping @Sendable (Evaluation) -> Prepared?) {
    self.id = id
    self.preparation = preparing
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

  /// The statistic of one evaluation under the samples' weights; nil where it doesn't apply.
  public func value(_ evaluation: Evaluation, weights: [Double]) -> Double? {
    prepared(evaluation)?(SampleWeights(weights))
  }
}
