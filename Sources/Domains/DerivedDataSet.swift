import LinearAlgebra

/// A data set made of another one: an archive of its features, and the card that reads it.
public struct DerivedDataSet: Sendable {
  /// The data set's id, the name of both files.
  public let id: String
  /// What the features are, in a sentence.
  public let note: String
  /// The card of the data set that it was made of.
  public let origin: DataCard
  /// The domains with their new features, of one width.
  public let domains: [Domain]

  /// A data set of the domains of a card.
  ///
  /// Throws `DomainError.unwritable` where the id can't name a data set.
  public init(
    id: String, note: String, origin: DataCard, domains: [Domain]
  ) throws(DomainError) {
    guard DataCard.isName(id) else {
      throw .unwritable(path: id, reason: "a data set's name has letters, digits, - _ and . only")
    }
    self.id = id
    self.note = note
    self.origin = origin
    self.domains = domains
  }

  /// Writes `ID.npz` and `ID.md` into a folder, each whole or not at all; returns the card's path.
  ///
  /// The archive holds `x` (n × k, single precision), `y` (the class of each row), `domain` (the
  /// place of its domain in the card) and an array for each sensitive attribute.
  public func write(to folder: String) throws(DomainError) -> String {
    let archive = "\(folder)/\(id).npz"
    let card = "\(folder)/\(id).md"
    try AtomicFile.makeFolder(folder)
    try NPZWriter.write(arrays, to: archive)
    try AtomicFile.write(
      text(bytes: FileBytes.size(of: archive), sha256: Checksum.sha256(file: archive)), to: card)
    return card
  }

  private var arrays: [(String, NPZArray)] {
    let width = domains.first?.features.columns ?? 0
    let count = domains.reduce(0) { $0 + $1.count }
    var arrays: [(String, NPZArray)] = [
      (
        "x",
        .floats(
          FloatArray(
            shape: [count, width], values: domains.flatMap { $0.features.elements.map(Float.init) })
        )
      ),
      ("y", .integers(domains.flatMap { $0.labels.map(Int64.init) })),
      (
        "domain",
        .integers(
          domains.enumerated().flatMap { place, domain in
            Array(repeating: Int64(place), count: domain.count)
          })
      ),
    ]
    for (place, group) in (domains.first?.groups ?? []).enumerated() {
      arrays.append(
        (
          "group-\(group.name)",
          .integers(domains.flatMap { $0.groups[place].members.map(Int64.init) })
        ))
    }
    return arrays
  }

  private func text(bytes: Int, sha256: String) -> String {
    func quoted(_ text: String) -> String {
      "'"
        + text.split(whereSeparator: \.isNewline).joined(separator: " ")
        .replacing("'", with: "''") + "'"
    }
    func mapping(_ names: [String]) -> [String] {
      names.enumerated().map { "\(quoted($1)): \($0)" }
    }
    let groups = (domains.first?.groups ?? []).map { group in
      "    \(quoted(group.name)): {from: \(quoted("group-" + group.name)), levels: {"
        + mapping(group.levels).joined(separator: ", ") + "}}"
    }
    let lines =
      [
        "---", "title: \(quoted("\(origin.title): \(note)"))", "licence: \(quoted(origin.licence))",
        "citation: \(quoted(origin.citation))", "files:", "  - path: \(id).npz",
        "    bytes: \(bytes)", "    sha256: \(sha256)", "classes:",
      ] + mapping(origin.classes).map { "  " + $0 }
      + ["read:", "  format: npz", "  file: \(id).npz", "  features: x", "  labels: y"]
      + (groups.isEmpty ? [] : ["  groups:"] + groups) + ["domains:"]
      + domains.enumerated().map { "  \($1.name): {where: {domain: \($0)}}" }
      + ["---", "", "# \(origin.title)", "", "\(note), made of the data set `\(origin.id)`."]
    return lines.joined(separator: "\n") + "\n"
  }
}
