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
  /// The domain that a card's rule reads; `locate` finds a file and checks it.
  init(
    _ rule: DomainRule, classes: NamedValues,
    locate: @escaping (String) throws(DomainError) -> String
  ) throws(DomainError) {
    let reading = rule.reading
    var parts: [RawDomain] = []
    for file in reading.files {
      let path = try locate(file)
      if reading.format == .pngFolder {
        parts.append(try RawDomain(pngFolder: path, classes: classes))
      } else {
        let content = try RawContent(reading, path: path, locate: locate)
        parts.append(try RawDomain(reading, content, classes: classes))
      }
    }
    guard var joined = parts.first else { throw .missing(path: rule.name) }
    for part in parts.dropFirst() {
      guard part.features.columns == joined.features.columns else {
        throw .unusable(
          path: part.path ?? "", place: "domain \(rule.name)",
          reason: "it has \(part.features.columns) columns, the file before it "
            + "\(joined.features.columns)")
      }
      joined.features = joined.features.appending(rows: part.features)
      joined.labels += part.labels
      joined.places += part.places
      joined.groups = zip(joined.groups, part.groups).map { group, other in
        Domain.Group(
          name: group.name, levels: group.levels, members: group.members + other.members)
      }
    }
    self = joined
  }

  /// The rows of a file that meet the rule's conditions.
  private init(
    _ reading: Reading, _ content: RawContent, classes: NamedValues
  ) throws(DomainError) {
    var rows = Array(0..<content.rowNames.count)
    for condition in reading.conditions {
      let values = try content.values(condition.place)
      rows = rows.filter { row in condition.values.contains { values.matches($0, at: row) } }
    }
    labels = try content.labels(reading).indices(rows, of: classes, what: "label")
    groups = []
    for rule in reading.groups {
      let members = try content.values(rule.place).indices(rows, of: rule.levels, what: "group")
      groups.append(Domain.Group(name: rule.name, levels: rule.levels.names, members: members))
    }
    let (features, names) = try content.features(reading, rows)
    self.features = features
    columnNames = names
    places = rows.map { (content.path, content.rowNames[$0]) }
    path = content.path
  }

  /// The images of a folder with a folder for each class.
  private init(pngFolder path: String, classes: NamedValues) throws(DomainError) {
    let content = try PNGFolder.read(path)
    var indices: [Int] = []
    for name in content.classes {
      guard let index = classes.index(of: name) else {
        throw .malformed(
          path: path, place: "folder \(name)", expected: classes.expected, found: "“\(name)”")
      }
      indices.append(index)
    }
    features = content.images.matrix
    labels = content.labels.map { indices[$0] }
    groups = []
    places = content.labels.indices.map { (path, "image \($0 + 1)") }
    self.path = path
  }
}
