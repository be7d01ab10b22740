import ArgumentParser
import Experiments

/// Rows of named columns, written as an aligned table, as CSV or as JSON.
struct Listing {
  /// How a listing is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, csv, json
  }

  let columns: [String]
  let rows: [[String]]

  /// The listing's text, ending in a newline.
  func text(_ format: Format) throws -> String {
    switch format {
    case .table: table
    case .csv: csv
    case .json: try json
    }
  }

  /// Columns padded to their widest entry, two spaces between them.
  var table: String {
    AlignedColumns.padded([columns] + rows).map { AlignedColumns.line($0) + "\n" }.joined()
  }

  /// RFC 4180, with a header.
  var csv: String { CSV.text([columns] + rows) }

  /// An array of objects with sorted keys, every value a string.
  var json: String {
    get throws {
      try JSON.text(rows.map { Dictionary(zip(columns, $0)) { first, _ in first } })
    }
  }
}
