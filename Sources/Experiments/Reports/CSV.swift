/// RFC 4180 text: fields with commas, quotes or line breaks are quoted.
///
/// A text that a spreadsheet would take for a formula, since it begins with `=`, `+`, `-`, `@` or a
/// tabulator and is no number, gets an apostrophe before it.
public enum CSV {
  /// The lines of the rows, each ending in CR LF.
  public static func text(_ rows: [[String]]) -> String {
    String(decoding: bytes(rows), as: UTF8.self)
  }

  /// The same in UTF-8.
  static func bytes(_ rows: some Sequence<[String]>) -> [UInt8] {
    var bytes: [UInt8] = []
    for row in rows {
      append(row, to: &bytes)
      bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }
    return bytes
  }

  /// Adds fields of one line, with commas between them.
  static func append(_ fields: [String], to bytes: inout [UInt8]) {
    for (place, field) in fields.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      append(field, to: &bytes)
    }
  }

  private static func append(_ field: String, to bytes: inout [UInt8]) {
    var field = isFormula(field) ? "'" + field : field
    field.withUTF8 { text in
      let quote = UInt8(ascii: "\"")
      let needsQuotes = text.contains { byte in
        byte == UInt8(ascii: ",") || byte == quote || byte == UInt8(ascii: "\n")
          || byte == UInt8(ascii: "\r")
      }
      guard needsQuotes else {
        bytes.append(contentsOf: text)
        return
      }
      bytes.append(quote)
      for byte in text {
        if byte == quote { bytes.append(quote) }
        bytes.append(byte)
      }
      bytes.append(quote)
    }
  }

  private static func isFormula(_ field: String) -> Bool {
    switch field.utf8.first {
    case UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): true
    case UInt8(ascii: "+"), UInt8(ascii: "-"): Double(field) == nil
    default: false
    }
  }

  /// The shortest text that reads back to the same number; empty for none.
  static func number(_ value: Double?) -> String {
    guard let value else { return "" }
    return value == value.rounded() && abs(value) < 1e15
      ? String(Int64(value)) : value.description
  }
}
