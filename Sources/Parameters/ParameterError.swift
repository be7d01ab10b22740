/// Why a hyperparameter can't be set.
public enum ParameterError: Error, Sendable, Hashable {
  /// No parameter has this name; `known` are those that exist.
  case unknown(name: String, known: [String])
  /// The text is no value of the parameter's kind.
  case malformed(name: String, text: String, expected: String)
  /// The value lies outside the parameter's range.
  case outOfRange(name: String, value: String, range: String)
}
