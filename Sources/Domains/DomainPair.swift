import LinearAlgebra

/// The name of a pair: `dataset:source->target`.
public struct PairID: Sendable, Hashable, CustomStringConvertible {
  /// The data set: the id of its card.
  public let dataset: String
  /// The source domain's name.
  public let source: String
  /// The target domain's name.
  public let target: String

  /// The pair of two domains of a data set.
  public init(dataset: String, source: String, target: String) {
    self.dataset = dataset
    self.source = source
    self.target = target
  }

  /// The pair that a text of the form `dataset:source->target` names.
  public init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let domains = text[text.index(after: colon)...]
    guard let arrow = domains.firstRange(of: "->") else { return nil }
    self.init(
      dataset: String(text[..<colon]), source: String(domains[..<arrow.lowerBound]),
      target: String(domains[arrow.upperBound...]))
    guard !dataset.isEmpty, !source.isEmpty, !target.isEmpty else { return nil }
  }

  /// The text that names the pair: `dataset:source->target`.
  public var description: String { "\(dataset):\(source)->\(target)" }
}

/// A source and a target domain with the same features and classes.
public struct DomainPair: Sendable {
  /// The pair's name.
  public let id: PairID
  /// The domain that is rich in labels.
  public let source: Domain
  /// The domain on which methods are judged.
  public let target: Domain
  /// The classes' names; labels are indices into them.
  public let classes: [String]
  /// The SHA-256 of all that the pair was made from: files, or generator and version.
  public let checksum: String

  /// A pair of domains with the same columns.
  public init(
    id: PairID, source: Domain, target: Domain, classes: [String], checksum: String
  ) {
    precondition(
      source.features.columns == target.features.columns,
      "The domains of a pair have the same columns.")
    self.id = id
    self.source = source
    self.target = target
    self.classes = classes
    self.checksum = checksum
  }
}
