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

/// Names, such as those of classes, each with the values that stand for it in files.
struct NamedValues: Sendable, Hashable {
  let names: [String]
  /// Every value, in the card's order.
  let values: [String]
  private let texts: [String: Int]
  private let numbers: [Double: Int]

  /// The names and values of a mapping from name to values, or of a list of names that stand for
  /// themselves.
  init(_ node: CardNode) throws(DomainError) {
    var names: [String] = []
    var values: [String] = []
    var texts: [String: Int] = [:]
    var numbers: [Double: Int] = [:]
    func add(_ value: String, _ at: CardNode) throws(DomainError) {
      values.append(value)
      let index = names.count - 1
      if let number = finiteNumber(value) {
        guard numbers[number] == nil else {
          throw at.error(expected: "values that stand for one name", found: "“\(value)” twice")
        }
        numbers[number] = index
      } else {
        guard texts[value] == nil else {
          throw at.error(expected: "values that stand for one name", found: "“\(value)” twice")
        }
        texts[value] = index
      }
    }
    if node.isMapping {
      for (name, value) in try node.entries() {
        names.append(name)
        for item in try value.items() { try add(item.text(), item) }
      }
    } else {
      for item in try node.items() {
        names.append(try item.text())
        try add(item.text(), item)
      }
    }
    guard names.count >= 2 else { throw node.error(expected: "at least two names") }
    guard Set(names).count == names.count else {
      throw node.error(expected: "names that differ", found: "one name twice")
    }
    self.names = names
    self.values = values
    self.texts = texts
    self.numbers = numbers
  }

  /// The name that a text stands for, as an index: equal numbers match however they are written.
  func index(of text: String) -> Int? {
    finiteNumber(text).map { numbers[$0] } ?? texts[text]
  }

  /// The name that a number stands for, as an index.
  func index(of number: Double) -> Int? { numbers[number] }
}

/// The number that a text spells in decimal digits, if it does and is finite.
///
/// Spaces around it don't count; words such as `nan`, `inf` and hexadecimal numbers are no
/// numbers.
func finiteNumber(_ text: String) -> Double? {
  let trimmed = text.trimmedOfSpaces
  for byte in trimmed.utf8 {
    switch byte {
    case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: continue  // digits + - . E e
    default: return nil
    }
  }
  guard let number = Double(trimmed), number.isFinite else { return nil }
  return number
}

extension String {
  /// The text without spaces and tabs at its ends.
  var trimmedOfSpaces: String {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    guard let first = utf8.first, let last = utf8.last, isSpace(first) || isSpace(last) else {
      return self
    }
    guard let start = utf8.firstIndex(where: { !isSpace($0) }),
      let end = utf8.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self[start...end])
  }
}

/// How a domain's features, labels and groups are read from files, or drawn.
struct Reading: Sendable {
  enum Format: String, CaseIterable, Sendable {
    case csv
    case mat
    case npz
    case npy
    case idx
    case pngFolder = "png-folder"
    case generated

    /// The keys that say how this format is read.
    var keys: [String] {
      let own =
        switch self {
        case .csv:
          [
            "file", "files", "separator", "header", "columns", "features", "categories", "labels",
            "groups", "where", "missing", "missing-in",
          ]
        case .mat, .npz: ["file", "files", "features", "labels", "groups", "where", "samples"]
        case .npy: ["file", "labels", "groups", "samples"]
        case .idx: ["file", "labels", "groups"]
        case .pngFolder: ["file", "files"]
        case .generated: ["generator"]
        }
      return ["format", "preprocessing"] + own
    }
  }

  enum Separator: String, CaseIterable, Sendable {
    case comma
    case semicolon
    case tab
    case space
  }

  /// A sensitive attribute: its name, where it stands and what its values mean.
  struct GroupRule: Sendable {
    let name: String
    let place: String
    let levels: NamedValues
  }

  /// Rows are read only where the value at a place is one of these.
  struct Condition: Sendable {
    let place: String
    let values: [String]
  }

  /// A generator of this program, with the seed of its key.
  struct Generator: Sendable {
    let name: String
    let seed: UInt64
  }

  var format: Format
  var files: [String] = []
  var features: [String] = []
  var labels: [String] = []
  var groups: [GroupRule] = []
  var conditions: [Condition] = []
  var separator = Separator.comma
  var hasHeader = true
  var columns: [String] = []
  var categories: [(column: String, levels: [String])] = []
  var missing: [String] = []
  var missingIn: [(column: String, values: [String])] = []
  var samplesAreColumns = false
  var generator: Generator?

  /// Whether labels and groups stand in files of their own.
  var hasLabelFiles: Bool { format == .idx || format == .npy }

  /// Every file that is read.
  var allFiles: [String] {
    hasLabelFiles ? files + labels + groups.map(\.place) : files
  }
}
