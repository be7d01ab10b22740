/// A value whose properties are hyperparameters.
public protocol Parameterized: Sendable {
  /// The value with every hyperparameter at its default.
  init()
  /// The hyperparameters, in the order in which they are shown.
  static var parameters: [Parameter<Self>] { get }
}

/// A hyperparameter's name and its value.
public struct Assignment: Sendable, Hashable {
  /// The parameter's name.
  public let name: String
  /// The value it has.
  public let value: ParameterValue

  /// An assignment of `value` to `name`.
  public init(_ name: String, _ value: ParameterValue) {
    self.name = name
    self.value = value
  }
}

extension Parameterized {
  /// Every hyperparameter with its present value, in declared order.
  public var assignments: [Assignment] {
    Self.parameters.map { Assignment($0.name, $0.value(self)) }
  }

  /// The parameter of that name, or an error that lists those that exist.
  public static func parameter(_ name: String) throws(ParameterError) -> Parameter<Self> {
    guard let parameter = parameters.first(where: { $0.name == name }) else {
      throw .unknown(name: name, known: parameters.map(\.name))
    }
    return parameter
  }

  /// Sets one hyperparameter from its text, after checking kind and range.
  public mutating func set(_ name: String, to text: String) throws(ParameterError) {
    let parameter = try Self.parameter(name)
    try parameter.set(&self, to: parameter.parse(text))
  }

  /// Sets one hyperparameter, after checking kind and range.
  public mutating func set(_ assignment: Assignment) throws(ParameterError) {
    try Self.parameter(assignment.name).set(&self, to: assignment.value)
  }
}
