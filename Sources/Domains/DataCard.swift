import Foundation

/// A data set: what it is, whence it comes and how its files become pairs of domains.
///
/// A card is a Markdown file named after the data set's id. Its front matter, in YAML, holds
/// what follows here; its prose tells people what they need to know. The schema is
/// described in `data-cards/README.md`.
public struct DataCard: Sendable {
  /// The data set's id: the card's file name without `.md`.
  public let id: String
  /// The data set's name in words.
  public let title: String
  /// Under which licence the data may be used, or "unknown".
  public let licence: String
  /// Whom to cite.
  public let citation: String
  /// Where the data set is at home.
  public let origin: String?
  /// How to get the files where they have no URL.
  public let access: String?
  /// Whether the data ship with the program: as a resource, or as a generator.
  public let isEmbedded: Bool
  /// The files that the data set is read from.
  public let files: [DataFile]
  /// The classes' names, in the order of their labels.
  public var classes: [String] { classValues.names }
  /// The domains, in the card's order.
  public let domains: [DomainRule]
  /// The pairs to compare on.
  public let pairs: [PairID]
  /// What is done to each pair of domains, in order.
  public let preprocessing: [PreprocessingStep]
  /// The text after the front matter, in Markdown.
  public let prose: String
  /// The path that the card was read from.
  public let path: String

  /// What a label in a file stands for.
  let classValues: NamedValues
  /// The front matter's parts that decide the pairs' content, in one fixed spelling.
  let canonical: String

  /// The prose's headings of the second level.
  public var sections: [String] {
    prose.split(separator: "\n").filter { $0.hasPrefix("## ") }.map {
      $0.dropFirst(3).trimmingCharacters(in: .whitespaces)
    }
  }

  /// The rule of the domain of that name.
  func rule(_ name: String) -> DomainRule? { domains.first { $0.name == name } }

  /// The domain names, in the card's order.
  public var domainNames: [String] { domains.map(\.name) }
}

/// A file, or a folder of images, that a data set is read from.
public struct DataFile: Sendable, Hashable {
  /// The path below the data folder.
  public let path: String
  /// The number of bytes.
  public let bytes: Int
  /// The SHA-256 in lower-case hexadecimal digits.
  ///
  /// Of a folder: that of the lines `sum  path` of the files in its folders, sorted by path.
  public let sha256: String
  /// Where it can be downloaded.
  public let url: String?
}

/// How one domain is read.
public struct DomainRule: Sendable {
  /// The domain's name.
  public let name: String
  /// The files that it is read from.
  public var files: [String] { reading.allFiles }
  /// The steps applied to this domain alone, before those of the pair.
  public let preprocessing: [PreprocessingStep]

  let reading: Reading
  /// The keys that decide how the domain is read, in one fixed spelling.
  let canonical: String
}
