import Foundation

/// An estimated variance of a mean and how well it is known.
struct StudentVariance: Sendable, Hashable {
  /// The variance.
  let value: Double
  /// The degrees of freedom.
  let degrees: Double

  static let none = StudentVariance(value: 0, degrees: 1)

  /// The variance of the mean of independent means: Σ vᵢ / n², with Satterthwaite's degrees of
  /// freedom (Σ vᵢ)² / Σ(vᵢ²/νᵢ).
  static func mean(_ variances: [StudentVariance]) -> StudentVariance {
    let sum = variances.reduce(0) { $0 + $1.value }
    let squares = variances.reduce(0) { $0 + $1.value * $1.value / $1.degrees }
    guard sum > 0, squares > 0 else { return .none }
    let count = Double(variances.count)
    return StudentVariance(value: sum / (count * count), degrees: sum * sum / squares)
  }

  /// How far a mean with these two parts of its variance reaches with that probability in each
  /// tail: Cochran's mean of their t quantiles times the standard error.
  static func reach(
    _ first: StudentVariance, _ second: StudentVariance, tail: Double
  ) -> Double {
    let sum = first.value + second.value
    guard sum > 0 else { return 0 }
    let quantile =
      (first.value * first.quantile(tail: tail) + second.value * second.quantile(tail: tail)) / sum
    return quantile * sum.squareRoot()
  }

  /// The probability, both tails together, of a mean as far off as `distance`: `reach` inverted.
  static func probability(
    of distance: Double, _ first: StudentVariance, _ second: StudentVariance
  ) -> Double {
    guard first.value + second.value > 0 else { return distance > 0 ? 0 : 1 }
    if first.value == 0 || second.value == 0 {
      let only = first.value > 0 ? first : second
      return 2
        * Distributions.studentTail(
          distance / only.value.squareRoot(), degreesOfFreedom: only.degrees)
    }
    // By the rule of false position (Illinois) on the logarithm of the tail, from ½ to 10⁻⁵.
    func excess(_ logTail: Double) -> Double {
      reach(first, second, tail: exp(logTail)) - distance
    }
    var (low, high) = (log(1e-5), log(0.5))
    var (above, below) = (excess(low), excess(high))
    guard above > 0 else { return 2e-5 }
    guard below < 0 else { return 1 }
    while high - low > 1e-12 {
      let middle = (low * below - high * above) / (below - above)
      let value = excess(middle)
      if abs(value) <= 1e-10 * distance || middle <= low || middle >= high {
        return 2 * exp(middle)
      }
      if value > 0 {
        (low, above, below) = (middle, value, below / 2)
      } else {
        (high, below, above) = (middle, value, above / 2)
      }
    }
    return 2 * exp((low + high) / 2)
  }

  private func quantile(tail: Double) -> Double {
    guard value > 0 else { return 0 }
    // Beyond so many degrees of freedom t is normal to four digits.
    guard degrees < 10_000 else { return Distributions.normalQuantile(tail: tail) }
    return Distributions.studentQuantile(tail: tail, degreesOfFreedom: degrees)
  }
}
