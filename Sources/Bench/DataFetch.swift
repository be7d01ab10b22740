import ArgumentParser
import Domains

/// `bench data fetch`: downloads files from where their cards say they are at home.
struct DataFetch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Download the files of data sets into the data folder.",
    discussion: """
      Each file is checked against its card and gets its name only when it is right. An \
      interrupted download is continued. A file that is right already is left alone.

      EXAMPLES
        bench data fetch heart-disease
        bench data fetch heart-disease --data ~/data
        bench data fetch my-card --card my-card.md --data ~/data
      """)

  @Argument(help: "Data sets to fetch.", completion: .datasets)
  var datasets: [String]

  @OptionGroup var options: DataOptions

  func run() throws {
    let catalogue = try DataCatalogue(userCards: options.cards, dataRoot: options.folder)
    let cards = try datasets.map { try catalogue.card($0) }
    for card in cards {
      for file in card.files where file.url == nil && catalogue.fault(of: file, in: card) != nil {
        throw RequestError.notFetchable(
          dataset: card.id, file: file.path, access: card.access ?? card.origin)
      }
    }
    let store = DataStore(root: options.folder)
    for card in cards {
      for file in card.files {
        guard let url = file.url else { continue }
        let progress = FetchProgress(name: file.path, total: file.bytes)
        try store.fetch(
          from: url, to: file.path, bytes: file.bytes, sha256: file.sha256,
          progress: progress.show)
        progress.finish()
        print(store.path(of: file.path))
      }
    }
  }
}

/// The progress of one download, on standard error: one line that is written anew on a terminal.
private final class FetchProgress {
  private let name: String
  private let total: Int
  private var shownPercent = -1

  init(name: String, total: Int) {
    self.name = name
    self.total = total
  }

  func show(received: Int) {
    let percent = total > 0 ? received * 100 / total : 100
    guard StandardError.isTerminal, percent != shownPercent else { return }
    shownPercent = percent
    StandardError.write("\r\(name)  \(percent) % of \(total) bytes")
  }

  func finish() {
    StandardError.write(
      StandardError.isTerminal
        ? "\r\(name)  100 % of \(total) bytes\n" : "\(name)  \(total) bytes\n")
  }
}
