import Foundation
import LinearAlgebra
public import Randomness

/// The four kinds of shift in the plane, and none, each with two balanced classes in the source.
///
/// ```
/// covariate    P(y|x) is fixed:  P(y = 1 | x) = σ(6 (x₂ − sin(1.5 x₁)))
///              source x ~ N((−0.8, 0), I),  target x ~ N((1.2, 0.6), 0.7² I)
/// label        P(x|y) is fixed:  x | y ~ N(±(1, 0.5), diag(0.8², 1))
///              P(y = 1) = 0.5 in the source, 0.85 in the target
/// conditional  P(y) is fixed; the target's x | y is the source's turned by 40°, doubled along
///              its first axis and moved by (0.8, −0.6)
/// subspace     x₁ = ±1 + 0.6 ε tells the class in both domains; x₂ = ±0.6 + 0.6 ε has the
///              class's sign in the source and the opposite in the target
/// null         both domains as the source of `label`: nothing shifts
/// ```
///
/// The kinds are those that benchmarks of domain adaptation in the plane draw, among them
/// SKADA's `make_shifted_datasets`; these distributions are our own.
public enum Shifts {
  /// The samples of each domain.
  public static let samples = 400

  /// The kinds of shift, in the order in which they are shown.
  public enum Kind: String, CaseIterable, Sendable {
    case covariate
    case label
    case conditional
    case subspace
    case null
  }

  /// The generator of the domains `KIND-source` and `KIND-target`.
  public static let generator = SyntheticGenerator(
    id: "shifts", version: 1,
    domainNames: Kind.allCases.flatMap { ["\($0.rawValue)-source", "\($0.rawValue)-target"] },
    classCount: 2
  ) { index, key in
    domain(Kind.allCases[index / 2], isTarget: index % 2 == 1, count: samples, key: key)
  }

  /// The source or the target of a kind of shift.
  public static func domain(
    _ kind: Kind, isTarget: Bool, count: Int, key: RandomKey
  ) -> Domain {
    var stream = RandomStream(key)
    var rows: [[Double]] = []
    var labels: [Int] = []
    for index in 0..<count {
      let (row, label) = sample(kind, isTarget: isTarget, parity: index % 2, &stream)
      rows.append(row)
      labels.append(label)
    }
    return Domain(
      name: "\(kind.rawValue)-\(isTarget ? "target" : "source")", features: Matrix(rows),
      labels: labels)
  }

  /// One sample; where the classes are balanced by design, `parity` is its label.
  private static func sample(
    _ kind: Kind, isTarget: Bool, parity: Int, _ stream: inout RandomStream
  ) -> ([Double], Int) {
    switch kind {
    case .covariate:
      let (spread, centre) = isTarget ? (0.7, [1.2, 0.6]) : (1.0, [-0.8, 0.0])
      let x = centre.map { $0 + spread * stream.normal() }
      let logit = 6 * (x[1] - sin(1.5 * x[0]))
      return (x, stream.uniform() < 1 / (1 + exp(-logit)) ? 1 : 0)
    case .label:
      let label = isTarget ? (stream.uniform() < 0.85 ? 1 : 0) : parity
      return (cluster(label, &stream), label)
    case .conditional:
      let x = cluster(parity, &stream)
      guard isTarget else { return (x, parity) }
      let angle = 40 * Double.pi / 180
      let stretched = [2 * x[0], x[1]]
      return (
        [
          cos(angle) * stretched[0] - sin(angle) * stretched[1] + 0.8,
          sin(angle) * stretched[0] + cos(angle) * stretched[1] - 0.6,
        ], parity
      )
    case .subspace:
      let sign = parity == 1 ? 1.0 : -1.0
      let misleading = isTarget ? -sign : sign
      return ([sign + 0.6 * stream.normal(), 0.6 * (misleading + stream.normal())], parity)
    case .null:
      return (cluster(parity, &stream), parity)
    }
  }

  /// A point of a class: N(±(1, 0.5), diag(0.8², 1)).
  private static func cluster(_ label: Int, _ stream: inout RandomStream) -> [Double] {
    let sign = label == 1 ? 1.0 : -1.0
    return [sign + 0.8 * stream.normal(), sign * 0.5 + stream.normal()]
  }
}
