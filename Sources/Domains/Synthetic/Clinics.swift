import Foundation
import LinearAlgebra
public import Randomness

/// Two hospitals with covariate shift, prevalence shift and label bias, all of known size.
///
/// Patients belong to group A or B. Five measurements x are normal given hospital h and group
/// g, and the recorded outcome is logistic:
///
/// ```
/// P(g = B | h) = ρ_h,   x | h, g ~ N(μ_h + ν·1[g = B], diag(σ_h²))              (1)
/// logit P(y = 1 | x, g, h) = α_h + βᵀx + (γ − δ_h)·1[g = B]                     (2)
/// ```
///
/// From `city` (the source) to `county` (the target) move μ, σ and ρ (covariate shift) and α
/// (prevalence shift). δ is the label bias: in the city δ > 0, so that outcomes of group B are
/// recorded too rarely at the same x; in the county δ = 0, and its records are the truth.
///
/// Both outcomes are logistic in the columns (1[g = B], x), so that logistic regression is well
/// specified, and the best rule of a hospital is ŷ = 1[βᵀx > τ_g] with the threshold at which
/// (2) is zero:
///
/// ```
/// τ_A = −α_h,   τ_B = −α_h − γ + δ_h                                            (3)
/// ```
///
/// Because z = βᵀx is normal given h and g, with mean m = βᵀ(μ_h + ν·1[g = B]) and variance
/// s² = Σ β_j² σ_hj², what any such rule does on any hospital is known (`planted`):
///
/// ```
/// P(ŷ = 1 | g) = Φ((m − τ_g)/s)                                                 (4)
/// P(ŷ = 1 | y = 1, g) = ∫_{z > τ_g} p(z) N(z; m, s²) dz / ∫ p(z) N(z; m, s²) dz  (5)
/// ```
///
/// with p(z) from (2). The integrals of (5) are taken by Simpson's rule over m ± 12 s, split
/// at τ_g, to about 1e-12. Gaps are the largest minus the smallest value over the groups.
public enum Clinics {
  /// A hospital's parameters, in the letters of (1) and (2).
  public struct Hospital: Sendable, Hashable {
    /// The name of its domain.
    public let name: String
    /// The share of group B: ρ.
    public let shareOfB: Double
    /// The means of the measurements in group A: μ.
    public let means: [Double]
    /// The standard deviations of the measurements: σ.
    public let deviations: [Double]
    /// The intercept of the outcome's logit: α.
    public let intercept: Double
    /// What is taken off the logit of group B's recorded outcomes: δ.
    public let labelBias: Double
  }

  /// The coefficients of the measurements in the outcome's logit: β.
  public static let coefficients = [0.9, -0.7, 1.1, 0.5, -0.9]
  /// How far the means of group B lie from those of group A: ν.
  public static let groupShift = [-0.1, 0.2, -0.2, 0.0, 0.1]
  /// What belonging to group B adds to the true logit: γ.
  public static let groupEffect = -0.1
  /// The samples of each hospital.
  public static let samples = 2000

  /// The source: outcomes of group B are recorded too rarely.
  public static let city = Hospital(
    name: "city", shareOfB: 0.35, means: [0, 0, 0, 0, 0], deviations: [1, 1, 1, 1, 1],
    intercept: 0.5, labelBias: 1.4)
  /// The target: other patients, rarer outcomes, true records.
  public static let county = Hospital(
    name: "county", shareOfB: 0.45, means: [0.5, 0.2, 0.3, -0.4, 0.2],
    deviations: [1.2, 1, 0.9, 1.1, 1], intercept: -0.8, labelBias: 0)

  /// The generator of the domains `city` and `county`.
  public static let generator = SyntheticGenerator(
    id: "clinics", version: 1, domainNames: [city.name, county.name], classCount: 2
  ) { index, key in
    domain(index == 0 ? city : county, count: samples, key: key)
  }

  /// Patients of a hospital: columns 1[g = B] and the five measurements.
  ///
  /// Groups: `group` (A, B), and `age-band`, the first measurement below −0.5, up to 0.5 and
  /// above.
  public static func domain(_ hospital: Hospital, count: Int, key: RandomKey) -> Domain {
    var stream = RandomStream(key)
    var elements: [Double] = []
    elements.reserveCapacity(count * 6)
    var labels: [Int] = []
    var groups: [Int] = []
    var bands: [Int] = []
    for _ in 0..<count {
      let isB = stream.uniform() < hospital.shareOfB
      elements.append(isB ? 1 : 0)
      var score = 0.0
      for index in coefficients.indices {
        let mean = hospital.means[index] + (isB ? groupShift[index] : 0)
        let x = mean + hospital.deviations[index] * stream.normal()  // (1)
        elements.append(x)
        score += coefficients[index] * x
        if index == 0 { bands.append(x < -0.5 ? 0 : x <= 0.5 ? 1 : 2) }
      }
      let logit = score - hospital.threshold(isB: isB)  // (2)
      labels.append(stream.uniform() < sigmoid(logit) ? 1 : 0)
      groups.append(isB ? 1 : 0)
    }
    return Domain(
      name: hospital.name, features: Matrix(rows: count, columns: 6, elements: elements),
      labels: labels,
      groups: [
        Domain.Group(name: "group", levels: ["A", "B"], members: groups),
        Domain.Group(name: "age-band", levels: ["young", "middle", "old"], members: bands),
      ])
  }

  /// What is planted, in population values.
  public static let planted = Planted(source: city, target: county)
}

extension Clinics.Hospital {
  /// The value of βᵀx at which the recorded outcome is as likely as not.
  public func threshold(isB: Bool) -> Double {
    -intercept - (isB ? Clinics.groupEffect - labelBias : 0)  // (3)
  }

  /// The mean of βᵀx in a group.
  func scoreMean(isB: Bool) -> Double {
    Clinics.coefficients.indices.reduce(0) { sum, index in
      sum + Clinics.coefficients[index] * (means[index] + (isB ? Clinics.groupShift[index] : 0))
    }
  }

  /// The standard deviation of βᵀx, the same in both groups.
  var scoreDeviation: Double {
    zip(Clinics.coefficients, deviations).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }.squareRoot()
  }

  /// P(y = 1, βᵀx > τ | g): the numerator of (5); τ = −∞ gives its denominator.
  func rateOfOutcome(above threshold: Double, isB: Bool) -> Double {
    let (mean, deviation) = (scoreMean(isB: isB), scoreDeviation)
    let own = self.threshold(isB: isB)
    let upper = mean + 12 * deviation
    let lower = min(max(threshold, mean - 12 * deviation), upper)
    return simpson(from: lower, to: upper) { z in
      let standardized = (z - mean) / deviation
      let density =
        exp(-standardized * standardized / 2) / (deviation * (2 * Double.pi).squareRoot())
      return sigmoid(z - own) * density
    }
  }
}

extension Clinics {
  /// A gap between groups under three combinations of rule and hospital.
  public struct Gaps: Sendable, Hashable {
    /// The target's best rule, on the target.
    public let targetRuleOnTarget: Double
    /// The source's best rule, on the target.
    public let sourceRuleOnTarget: Double
    /// The source's best rule, on the source as recorded.
    public let sourceRuleOnSource: Double

    /// The gap that training on the source adds on the target.
    public var drift: Double { sourceRuleOnTarget - targetRuleOnTarget }
    /// The gap that moving the source's rule to the target adds.
    public var shift: Double { sourceRuleOnTarget - sourceRuleOnSource }
  }

  /// The population values of what the two hospitals differ in, and what that does.
  public struct Planted: Sendable, Hashable {
    /// Differences of P(ŷ = 1 | g): formula (4).
    public let demographicParity: Gaps
    /// Differences of P(ŷ = 1 | y = 1, g): formula (5).
    public let equalOpportunity: Gaps
    /// P(y = 1) in the source, as recorded.
    public let sourcePrevalence: Double
    /// P(y = 1) in the target.
    public let targetPrevalence: Double
    /// P(y = 1) that the source would record without label bias.
    public let unbiasedSourcePrevalence: Double
    /// The accuracy of the source's best rule on the source as recorded.
    public let sourceRuleAccuracyOnSource: Double
    /// The accuracy of the source's best rule on the target.
    public let sourceRuleAccuracyOnTarget: Double
    /// The accuracy of the target's best rule on the target.
    public let targetRuleAccuracyOnTarget: Double

    init(source: Hospital, target: Hospital) {
      func gaps(_ value: (Hospital, Hospital, Bool) -> Double) -> Gaps {
        func gap(_ rule: Hospital, on place: Hospital) -> Double {
          abs(value(rule, place, false) - value(rule, place, true))
        }
        return Gaps(
          targetRuleOnTarget: gap(target, on: target),
          sourceRuleOnTarget: gap(source, on: target),
          sourceRuleOnSource: gap(source, on: source))
      }
      demographicParity = gaps(Clinics.positiveRate)
      equalOpportunity = gaps(Clinics.truePositiveRate)
      sourcePrevalence = Clinics.prevalence(source)
      targetPrevalence = Clinics.prevalence(target)
      unbiasedSourcePrevalence = Clinics.prevalence(
        Hospital(
          name: source.name, shareOfB: source.shareOfB, means: source.means,
          deviations: source.deviations, intercept: source.intercept, labelBias: 0))
      sourceRuleAccuracyOnSource = Clinics.accuracy(rule: source, on: source)
      sourceRuleAccuracyOnTarget = Clinics.accuracy(rule: source, on: target)
      targetRuleAccuracyOnTarget = Clinics.accuracy(rule: target, on: target)
    }
  }

  /// P(ŷ = 1 | g) of one hospital's best rule on another's patients.
  static func positiveRate(rule: Hospital, on place: Hospital, isB: Bool) -> Double {
    let distance = (place.scoreMean(isB: isB) - rule.threshold(isB: isB)) / place.scoreDeviation
    return erfc(-distance / 2.0.squareRoot()) / 2  // (4)
  }

  /// P(ŷ = 1 | y = 1, g) of one hospital's best rule on another's patients.
  static func truePositiveRate(rule: Hospital, on place: Hospital, isB: Bool) -> Double {
    place.rateOfOutcome(above: rule.threshold(isB: isB), isB: isB)
      / place.rateOfOutcome(above: -.infinity, isB: isB)  // (5)
  }

  /// P(y = 1), as recorded.
  static func prevalence(_ place: Hospital) -> Double {
    (1 - place.shareOfB) * place.rateOfOutcome(above: -.infinity, isB: false)
      + place.shareOfB * place.rateOfOutcome(above: -.infinity, isB: true)
  }

  /// P(ŷ = y): P(ŷ = 1, y = 1) + P(ŷ = 0) − P(ŷ = 0, y = 1), averaged over the groups.
  static func accuracy(rule: Hospital, on place: Hospital) -> Double {
    [false, true].reduce(0) { sum, isB in
      let hits = place.rateOfOutcome(above: rule.threshold(isB: isB), isB: isB)
      let outcomes = place.rateOfOutcome(above: -.infinity, isB: isB)
      let positives = positiveRate(rule: rule, on: place, isB: isB)
      let share = isB ? place.shareOfB : 1 - place.shareOfB
      return sum + share * (hits + (1 - positives) - (outcomes - hits))
    }
  }
}

private func sigmoid(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }

/// ∫ f over an interval by Simpson's rule on 2,000 panels.
private func simpson(from lower: Double, to upper: Double, _ f: (Double) -> Double) -> Double {
  let panels = 2000
  let step = (upper - lower) / Double(2 * panels)
  var sum = f(lower) + f(upper)
  for index in 1..<(2 * panels) {
    sum += (index % 2 == 1 ? 4 : 2) * f(lower + Double(index) * step)
  }
  return sum * step / 3
}
