import Domains
import Foundation
import Testing

@testable import Domains

/// A folder of its own with data files and a card, deleted at the end.
final class CardFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "transfer-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with the folders above it.
  func write(_ name: String, _ data: Data) throws {
    let url = URL(fileURLWithPath: path).appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  func write(_ name: String, base64: String) throws {
    try write(name, try #require(Data(base64Encoded: base64)))
  }

  /// The item of a card's `files` for a file or folder, with its checksum.
  func item(_ name: String) throws -> String {
    let file = DataFile(path: name, bytes: 0, sha256: "", url: nil)
    return "  - {path: \(name), bytes: 0, sha256: \(try file.checksum(at: "\(path)/\(name)"))}\n"
  }

  /// Writes `mine.md` with this front matter below title, licence, citation and files.
  func writeCard(files: [String], _ front: String) throws {
    let items = try files.map { try item($0) }.joined()
    try write(
      "mine.md",
      """
      ---
      title: Mine
      licence: none
      citation: nobody
      \(files.isEmpty ? "" : "files:\n\(items)")\(front)
      ---
      prose
      """)
  }

  /// The catalogue with that card alone as the user's own.
  func catalogue() throws -> DataCatalogue {
    try DataCatalogue(userCards: ["\(path)/mine.md"], dataRoot: nil)
  }

  /// Loads a pair of the card.
  func load(_ source: String, _ target: String) throws -> DomainPair {
    try catalogue().load(PairID(dataset: "mine", source: source, target: target))
  }
}
