/// One hyperparameter of `Root`, declared once.
///
/// From the declaration come the command line's `--set`, the CSV column and
/// `bench describe`. The default is the property's initial value and is written
/// nowhere else.
public struct Parameter<Root>: Sendable {
  /// What values a parameter takes.
  public enum Domain: Sendable, Hashable {
    case real(ClosedRange<Double>)
    case integer(ClosedRange<Int>)
    case flag
    case choice([String])
    case text
  }

  /// The name after the dot in `--set method.name=value`.
  public let name: String
  /// The values allowed.
  public let domain: Domain
  /// The values worth trying, as `bench describe` shows them.
  public let grid: [ParameterValue]
  /// Whether a search for the best setting tries the grid; not where values only buy precision
  /// with time or memory.
  public let isTuned: Bool
  /// One sentence: the symbol and what it does.
  public let help: String

  /// Reads the property.
  public let value: @Sendable (Root) -> ParameterValue
  private let assign: @Sendable (inout Root, ParameterValue) -> Void

  private init(
    _ name: String, _ domain: Domain, _ grid: [ParameterValue], _ help: String,
    isTuned: Bool = true,
    value: @escaping @Sendable (Root) -> ParameterValue,
    assign: @escaping @Sendable (inout Root, ParameterValue) -> Void
  ) {
    self.name = name
    self.domain = domain
    self.grid = grid
    self.isTuned = isTuned
    self.help = help
    self.value = value
    self.assign = assign
  }

  /// A real number in a closed range.
  public static func real(
    _ name: String, _ path: any WritableKeyPath<Root, Double> & Sendable,
    in range: ClosedRange<Double>, grid: [Double] = [], help: String
  ) -> Self {
    Self(
      name, .real(range), grid.map(ParameterValue.real), help,
      value: { .real($0[keyPath: path]) },
      assign: { if case .real(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// A whole number in a closed range.
  public static func integer(
    _ name: String, _ path: any WritableKeyPath<Root, Int> & Sendable,
    in range: ClosedRange<Int>, grid: [Int] = [], isTuned: Bool = true, help: String
  ) -> Self {
    Self(
      name, .integer(range), grid.map(ParameterValue.integer), help, isTuned: isTuned,
      value: { .integer($0[keyPath: path]) },
      assign: { if case .integer(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// A switch.
  public static func flag(
    _ name: String, _ path: any WritableKeyPath<Root, Bool> & Sendable, help: String
  ) -> Self {
    Self(
      name, .flag, [.flag(false), .flag(true)], help,
      value: { .flag($0[keyPath: path]) },
      assign: { if case .flag(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// A name that the method itself knows to read, such as a layer's.
  public static func text(
    _ name: String, _ path: any WritableKeyPath<Root, String> & Sendable, help: String
  ) -> Self {
    Self(
      name, .text, [], help, value: { .choice($0[keyPath: path]) },
      assign: { if case .choice(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// One of the named cases of an enumeration.
  public static func choice<Choice: ParameterChoice>(
    _ name: String, _ path: any WritableKeyPath<Root, Choice> & Sendable, help: String
  ) -> Self {
    let names = Choice.allCases.map(\.rawValue)
    return Self(
      name, .choice(names), Choice.grid.map { .choice($0.rawValue) }, help,
      value: { .choice($0[keyPath: path].rawValue) },
      assign: { root, value in
        if case .choice(let name) = value, let choice = Choice(rawValue: name) {
          root[keyPath: path] = choice
        }
      })
  }

  /// Sets the property, after checking the value's kind and range.
  public func set(_ root: inout Root, to value: ParameterValue) throws(ParameterError) {
    switch (domain, value) {
    case (.real(let range), .real(let number)):
      guard range.contains(number) else { throw outOfRange(value) }
    case (.integer(let range), .integer(let number)):
      guard range.contains(number) else { throw outOfRange(value) }
    case (.choice(let names), .choice(let choice)):
      guard names.contains(choice) else { throw malformed(choice) }
    case (.flag, .flag), (.text, .choice):
      break
    default:
      throw malformed(value.description)
    }
    assign(&root, value)
  }

  /// The value that a text stands for, not yet checked against the range.
  public func parse(_ text: String) throws(ParameterError) -> ParameterValue {
    switch domain {
    case .real:
      guard let number = Double(text), number.isFinite else { throw malformed(text) }
      return .real(number)
    case .integer:
      guard let number = Int(text) else { throw malformed(text) }
      return .integer(number)
    case .flag:
      guard let flag = Bool(text) else { throw malformed(text) }
      return .flag(flag)
    case .choice, .text:
      return .choice(text)
    }
  }

  private func outOfRange(_ value: ParameterValue) -> ParameterError {
    .outOfRange(name: name, value: value.description, range: domain.description)
  }

  private func malformed(_ text: String) -> ParameterError {
    .malformed(name: name, text: text, expected: domain.description)
  }
}

/// An enumeration whose cases can be the values of a parameter.
public protocol ParameterChoice: RawRepresentable<String>, CaseIterable, Sendable {
  /// The cases worth trying on any data.
  static var grid: [Self] { get }
}

extension ParameterChoice {
  /// All cases.
  public static var grid: [Self] { Array(allCases) }
}

extension Parameter.Domain: CustomStringConvertible {
  /// What is allowed, in words: "a number from 0.0 to 1.0".
  public var description: String {
    switch self {
    case .real(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .flag: "true or false"
    case .choice(let names): "one of " + names.joined(separator: ", ")
    case .text: "a name"
    }
  }
}
