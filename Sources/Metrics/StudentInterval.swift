/// The mean over repetitions with its two-sided Student t interval.
///
/// ```
/// mean ± t(1 − (1 − level)/2; n − 1) s/√n,   s the sample standard deviation (n − 1)
/// ```
///
/// It takes the values as independent. Repetitions that test on the same target samples aren't:
/// `PairedBootstrap` is the interval of a score, this one tells how much the repetitions differ.
public struct StudentInterval: Sendable, Hashable {
  /// The mean of the values.
  public let mean: Double
  /// The sample standard deviation, with denominator n − 1.
  public let standardDeviation: Double
  /// The lower end of the interval.
  public let low: Double
  /// The upper end of the interval.
  public let high: Double

  /// The interval of the mean of two or more values; nil for fewer.
  public init?(_ values: [Double], level: Double = 0.95) {
    precondition(level > 0 && level < 1, "The level of an interval lies between 0 and 1.")
    guard values.count > 1, let deviation = sampleStandardDeviation(values) else { return nil }
    let centre = average(values)
    let quantile = Distributions.studentQuantile(
      tail: (1 - level) / 2, degreesOfFreedom: Double(values.count - 1))
    let reach = quantile * deviation / Double(values.count).squareRoot()
    mean = centre
    standardDeviation = deviation
    low = centre - reach
    high = centre + reach
  }
}

/// The sample standard deviation, with denominator n − 1; nil for fewer than two values.
func sampleStandardDeviation(_ values: [Double]) -> Double? {
  guard values.count > 1 else { return nil }
  let centre = average(values)
  let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
  return (squares / Double(values.count - 1)).squareRoot()
}

/// The mean of one or more values; exactly their value where they are all alike.
func average(_ values: [Double]) -> Double {
  guard let first = values.first else { return .nan }
  return first + values.reduce(0) { $0 + ($1 - first) } / Double(values.count)
}
