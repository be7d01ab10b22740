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
    reach(first, second, StudentQuantiles(tail: tail))
  }

  /// The same by quantiles of which some are known.
  static func reach(
    _ first: StudentVariance, _ second: StudentVariance, _ quantiles: StudentQuantiles
  ) -> Double {
    let sum = first.value + second.value
    guard sum > 0 else { return 0 }
    let quantile =
      (first.value * first.quantile(quantiles) + second.value * second.quantile(quantiles)) / sum
    return quantile * sum.squareRoot()
  }

  /// The probability, both tails together, of a mean as far off as `distance`, at least `least`.
  ///
  /// It is `reach` inverted.
  static func probability(
    of distance: Double, _ first: StudentVariance, _ second: StudentVariance, least: Double
  ) -> Double {
    let variance = first.value + second.value
    // An infinite variance, as of a log loss that is infinite once, tells nothing.
    guard variance.isFinite, !distance.isNaN else { return 1 }
    guard variance > 0, distance.isFinite else { return distance > 0 ? least : 1 }
    if first.value == 0 || second.value == 0 {
      let only = first.value > 0 ? first : second
      let tail = Distributions.studentTail(
        distance / only.value.squareRoot(), degreesOfFreedom: only.degrees)
      return max(least, 2 * tail)
    }
    func excess(_ logTail: Double) -> Double {
      reach(first, second, tail: exp(logTail)) - distance
    }
    // Near the tail of one t with the degrees of freedom of both; from there by the rule of false
    // position (Illinois) on the logarithm.
    let both = mean([first, second])
    let near = log(
      Distributions.studentTail(
        distance / (first.value + second.value).squareRoot(), degreesOfFreedom: both.degrees))
    let floor = log(least / 2)
    var (low, high) = (max(floor, near - 0.02), log(0.5))
    var (above, below) = (excess(low), -distance)
    if above <= 0 {
      guard low > floor else { return least }
      (high, below) = (low, above)
      (low, above) = (floor, excess(floor))
      guard above > 0 else { return least }
    } else if near + 0.02 > low, near + 0.02 < high {
      let value = excess(near + 0.02)
      if value > 0 {
        (low, above) = (near + 0.02, value)
      } else {
        (high, below) = (near + 0.02, value)
      }
    }
    guard below < 0 else { return 2 * exp(high) }
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

  private func quantile(_ quantiles: StudentQuantiles) -> Double {
    value > 0 ? quantiles.quantile(degrees) : 0
  }
}

/// The values that Student t variables exceed with one probability.
struct StudentQuantiles: Sendable {
  /// The probability.
  let tail: Double
  private let known: [Double: Double]

  /// Quantiles that are computed once for these degrees of freedom, and for others when asked for.
  init(tail: Double, degrees: [Int] = []) {
    self.tail = tail
    known = Dictionary(
      degrees.filter { $0 > 0 }.map { (Double($0), Self.quantile(Double($0), tail)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The quantile with that many degrees of freedom.
  func quantile(_ degrees: Double) -> Double { known[degrees] ?? Self.quantile(degrees, tail) }

  private static func quantile(_ degrees: Double, _ tail: Double) -> Double {
    // Beyond so many degrees of freedom t is normal to four digits.
    guard degrees < 10_000 else { return Distributions.normalQuantile(tail: tail) }
    return Distributions.studentQuantile(tail: tail, degreesOfFreedom: degrees)
  }
}
