public import LinearAlgebra

/// One domain of a data set: features, labels, and groups that no method ever sees.
public struct Domain: Sendable, Hashable {
  /// The domain's name, as in `amazon`.
  public let name: String
  /// The features, n × d; rows are samples.
  public let features: Matrix<Double>
  /// The class of each row: an index into the pair's classes.
  public let labels: [Int]
  /// The sensitive attributes, each with a level for every row; empty where there are none.
  public let groups: [Group]

  /// A sensitive attribute, such as sex, and who belongs to which of its levels.
  public struct Group: Sendable, Hashable {
    /// The attribute's name.
    public let name: String
    /// The levels' names, as in `female`, `male`.
    public let levels: [String]
    /// The level of each row: an index into `levels`.
    public let members: [Int]

    /// An attribute with one level for each row.
    public init(name: String, levels: [String], members: [Int]) {
      precondition(
        members.allSatisfy { (0..<levels.count).contains($0) },
        "The members of a group are indices of its levels.")
      self.name = name
      self.levels = levels
      self.members = members
    }

    /// The attribute of the rows at these indices.
    public func selecting(rows: [Int]) -> Group {
      Group(name: name, levels: levels, members: rows.map { members[$0] })
    }
  }

  /// A domain of n rows.
  public init(name: String, features: Matrix<Double>, labels: [Int], groups: [Group] = []) {
    precondition(features.rows == labels.count, "A domain has one label for each row.")
    precondition(
      groups.allSatisfy { $0.members.count == labels.count },
      "A group of a domain has one member for each row.")
    self.name = name
    self.features = features
    self.labels = labels
    self.groups = groups
  }

  /// The number of samples.
  public var count: Int { features.rows }

  /// The same samples with other features.
  public func with(features: Matrix<Double>) -> Domain {
    Domain(name: name, features: features, labels: labels, groups: groups)
  }

  /// The domain of the rows at these indices.
  public func selecting(rows: [Int]) -> Domain {
    Domain(
      name: name, features: features.selecting(rows: rows), labels: rows.map { labels[$0] },
      groups: groups.map { $0.selecting(rows: rows) })
  }
}
