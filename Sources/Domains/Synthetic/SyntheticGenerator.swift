public import Randomness

/// A generator of domains with a known truth, drawn from a key and nothing else.
///
/// Cards name generators by `id`; a change of what one draws raises its `version`, and with it
/// the checksum of every pair made from it.
public struct SyntheticGenerator: Sendable {
  /// The name in cards.
  public let id: String
  /// Which edition of the generator this is: other numbers, other version.
  public let version: Int
  /// The domains that it can draw.
  public let domainNames: [String]
  /// The number of classes; the labels drawn lie below it.
  public let classCount: Int

  private let draw: @Sendable (Int, RandomKey) -> Domain

  /// A generator of the named domains; `draw` is given an index of `domainNames`.
  init(
    id: String, version: Int, domainNames: [String], classCount: Int,
    draw: @escaping @Sendable (Int, RandomKey) -> Domain
  ) {
    self.id = id
    self.version = version
    self.domainNames = domainNames
    self.classCount = classCount
    self.draw = draw
  }

  /// The domain of that name, or nil where the generator has none.
  ///
  /// Each domain is drawn from a child of `key` that bears the domain's name.
  public func domain(_ name: String, key: RandomKey) -> Domain? {
    domainNames.firstIndex(of: name).map { draw($0, key.child(name)) }
  }

  /// Every generator, in the order in which they are shown.
  public static let all = [
    PenDigits.generator, Clinics.generator, Moons.generator, Shifts.generator,
    PlanarShifts.generator,
  ]
}
