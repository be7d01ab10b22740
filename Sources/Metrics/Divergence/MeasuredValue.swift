/// The value of a divergence or a transferability score, and what is known of its uncertainty.
public struct MeasuredValue: Sendable, Hashable {
  /// The value.
  public let value: Double
  /// How often a division of the samples at random gives as much; nil where there is no such test.
  public let pValue: Double?
  /// The interval at 95 %; nil where there is none.
  public let interval: ClosedRange<Double>?

  /// A value with its p-value or interval, if any.
  public init(value: Double, pValue: Double? = nil, interval: ClosedRange<Double>? = nil) {
    self.value = value
    self.pValue = pValue
    self.interval = interval
  }
}
