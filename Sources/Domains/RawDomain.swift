import LinearAlgebra

/// What was read of a domain: features, labels as indices of the card's classes, and groups.
struct RawDomain {
  var features: Matrix<Double>
  var labels: [Int]
  var groups: [Domain.Group]
  /// The names of the columns, where the file has any.
  var columnNames: [String] = []
  /// The file and the place in it of each row; empty where the rows were drawn.
  var places: [(path: String, row: String)] = []
  /// The first file, where there is one.
  var path: String?
}

extension RawDomain {
  init(
    _ rule: DomainRule, classes: NamedValues,
    locate: (String) throws(DomainError) -> String
  ) throws(DomainError) {
    throw .missing(path: try locate(rule.files[0]))
  }
}
