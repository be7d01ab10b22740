import ArgumentParser
import Domains
import Foundation

/// Where data files and cards are looked for; shared by every command that reads data.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder of data files.",
      discussion: "Else $TRANSFERBENCH_DATA, ../shared/data or ~/.cache/transfer-bench.",
      valueName: "dir"),
    completion: .directory)
  var data: String?

  @Option(
    name: .customLong("card"),
    help: ArgumentHelp("Card of a data set of your own; repeatable.", valueName: "card.md"),
    completion: .file(extensions: ["md"]))
  var cards: [String] = []

  /// The folder of data files: as asked for, else the first default that exists, else the last.
  var folder: String {
    if let data { return data }
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["TRANSFERBENCH_DATA"], !named.isEmpty { return named }
    let shared = "../shared/data"
    if FileManager.default.fileExists(atPath: shared) { return shared }
    return FileManager.default.homeDirectoryForCurrentUser
      .appending(path: ".cache/transfer-bench").path
  }

  /// The data sets that can be had.
  ///
  /// - Throws: a `DomainError` where a card is wrong, or the folder named by `--data` is absent.
  func catalogue() throws(DomainError) -> DataCatalogue {
    if let data, !FileManager.default.fileExists(atPath: data) { throw .missing(path: data) }
    return try DataCatalogue(userCards: cards, dataRoot: folder)
  }

  /// The arguments that give a worker the same data.
  var arguments: [String] {
    (data.map { ["--data", $0] } ?? []) + cards.flatMap { ["--card", $0] }
  }
}

extension DataCatalogue {
  /// Whether a card's data are embedded, found or missing, in a word.
  func state(of card: DataCard) -> String {
    if card.isEmbedded { return "embedded" }
    return isAvailable(card) ? "found" : "missing"
  }
}
