import ArgumentParser
import Foundation

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
    let lines = [columns] + rows
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = zip(line, widths).map { text, width in
        text + String(repeating: " ", count: width - text.count)
      }
      let text = cells.joined(separator: "  ")
      return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
    }.joined()
  }

  /// RFC 4180, with a header.
  var csv: String {
    ([columns] + rows).map { line in
      line.map { field in
        field.contains { ",\"\r\n".contains($0) }
          ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
      }.joined(separator: ",") + "\r\n"
    }.joined()
  }

  /// An array of objects with sorted keys, every value a string.
  var json: String {
    get throws {
      let objects = rows.map { Dictionary(zip(columns, $0)) { first, _ in first } }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(objects), as: UTF8.self) + "\n"
    }
  }
}
