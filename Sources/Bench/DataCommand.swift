import ArgumentParser
import Domains

/// `bench data`: the files of data sets.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "List, locate, verify or fetch the files of data sets.",
    discussion: """
      Data sets are described by cards; those marked 'embedded' need no files.

      EXAMPLES
        bench data list
        bench data path office-caltech
        bench data verify --data ~/data
        bench data fetch heart-disease --data ~/data
      """,
    subcommands: [DataList.self, DataPath.self, DataVerify.self, DataFetch.self])
}

/// `bench data list`: the data sets with what was found of their files.
struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the files of data sets and whether they were found.",
    discussion: """
      EXAMPLES
        bench data list
        bench data list --data ~/data --format csv
      """)

  @Option(help: "How to write it: table, csv or json.")
  var format = Listing.Format.table

  @OptionGroup var options: DataOptions

  func run() throws {
    print(try Self.listing(options.catalogue()).text(format), terminator: "")
  }

  static func listing(_ catalogue: DataCatalogue) -> Listing {
    Listing(
      columns: ["dataset", "state", "bytes", "file"],
      rows: catalogue.cards.flatMap { card in
        card.files.isEmpty
          ? [[card.id, catalogue.state(of: card), "", ""]]
          : card.files.map { file in
            [
              card.id,
              catalogue.isFound(file, in: card)
                ? (card.isEmbedded ? "embedded" : "found") : "missing",
              String(file.bytes), file.path,
            ]
          }
      })
  }
}

/// `bench data path`: where files lie, or would lie once fetched.
struct DataPath: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path",
    abstract: "Print the data folder, or where the files of data sets lie.",
    discussion: """
      EXAMPLES
        bench data path
        bench data path office-caltech heart-disease --data ~/data
      """)

  @Argument(help: "Data sets; none prints the data folder.", completion: .datasets)
  var datasets: [String] = []

  @OptionGroup var options: DataOptions

  func run() throws {
    let catalogue = try options.catalogue()
    guard !datasets.isEmpty else {
      print(options.folder)
      return
    }
    for card in try datasets.map({ try catalogue.card($0) }) {
      for file in card.files {
        if let path = catalogue.location(of: file, in: card) { print(path) }
      }
    }
  }
}
