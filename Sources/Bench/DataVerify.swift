import ArgumentParser
import Domains
import Foundation

/// `bench data verify`: whether files are those that their cards state.
struct DataVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compare the files of data sets with the sizes and checksums of their cards.",
    discussion: """
      Without a name, checks every data set and leaves out what is missing.

      EXAMPLES
        bench data verify
        bench data verify office-caltech --data ~/data
      """)

  @Argument(help: "Data sets; none checks all that were found.", completion: .datasets)
  var datasets: [String] = []

  @Option(help: "How to write it: table, csv or json.")
  var format = Listing.Format.table

  @OptionGroup var options: DataOptions

  func run() throws {
    let catalogue = try options.catalogue()
    let cards = try datasets.isEmpty ? catalogue.cards : datasets.map { try catalogue.card($0) }
    var rows: [[String]] = []
    var faults: [DomainError] = []
    for card in cards {
      for file in card.files {
        let fault = catalogue.fault(of: file, in: card)
        let isExpected = datasets.isEmpty && fault?.isAbsence == true
        rows.append([card.id, fault?.stateWord ?? "ok", file.path])
        if let fault, !isExpected { faults.append(fault) }
      }
    }
    let listing = Listing(columns: ["dataset", "state", "file"], rows: rows)
    print(try listing.text(format), terminator: "")
    if let first = faults.first { throw first }
  }
}

extension DataCatalogue {
  /// Why a file isn't the one that its card states, or nil where it is.
  func fault(of file: DataFile, in card: DataCard) -> DomainError? {
    guard let path = location(of: file, in: card) else { return .missing(path: file.path) }
    do {
      let found = try file.checksum(at: path)
      return found == file.sha256
        ? nil : .wrongChecksum(path: path, expected: file.sha256, found: found)
    } catch {
      return error
    }
  }
}

extension DomainError {
  fileprivate var isAbsence: Bool {
    if case .missing = self { true } else { false }
  }

  fileprivate var stateWord: String {
    switch self {
    case .missing: "missing"
    case .wrongChecksum: "wrong checksum"
    default: "unreadable"
    }
  }
}
