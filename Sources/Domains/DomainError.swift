/// Why data can't be had.
///
/// Facts only: their wording is the command line's.
public enum DomainError: Error, Sendable, Hashable {
  /// No file or folder at this path.
  case missing(path: String)
  /// A file isn't what its format demands, at a place such as "line 3, column 5" or "byte 128".
  case malformed(path: String, place: String, expected: String, found: String)
  /// A file's SHA-256 isn't the one its card states.
  case wrongChecksum(path: String, expected: String, found: String)
  /// A card's front matter is wrong at a key such as "domains.amazon.file".
  case badCard(path: String, key: String, expected: String, found: String)
  /// No data set has this id; `known` are those that exist.
  case unknownDataset(name: String, known: [String])
  /// No pair has this name; `known` are those of its data set, or of all.
  case unknownPair(name: String, known: [String])
  /// The values read make no data set: no samples, one class only, a NaN, and the like.
  case unusable(path: String, place: String, reason: String)
  /// A download failed.
  case download(url: String, reason: String)
  /// A file or folder can't be written.
  case unwritable(path: String, reason: String)
}
