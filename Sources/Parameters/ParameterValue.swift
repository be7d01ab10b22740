/// The value of one hyperparameter.
public enum ParameterValue: Sendable, Hashable {
  case real(Double)
  case integer(Int)
  case flag(Bool)
  case choice(String)
}

extension ParameterValue: CustomStringConvertible {
  /// The text that sets this value: the shortest one that reads back to the same number.
  public var description: String {
    switch self {
    case .real(let value): value.description
    case .integer(let value): value.description
    case .flag(let value): value.description
    case .choice(let value): value
    }
  }
}
