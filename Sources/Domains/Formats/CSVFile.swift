/// What separates the fields of a line.
public enum CSVSeparator: Sendable, Hashable {
  /// One character, such as `,` or `;` or a tab.
  case character(Character)
  /// Runs of spaces and tabs; those at a line's ends count for nothing.
  case whitespace
}

/// A table of texts.
public struct CSVTable: Sendable, Hashable {
  /// The columns' names; empty where the file has no header.
  public let header: [String]
  /// The fields of each row; all rows have as many.
  public let rows: [[String]]
  /// The line of the file, from 1, on which each row begins.
  public let lines: [Int]

  /// A table with the line of each row.
  public init(header: [String], rows: [[String]], lines: [Int]) {
    precondition(rows.count == lines.count, "A table has a line number for each row.")
    self.header = header
    self.rows = rows
    self.lines = lines
  }
}

/// Text files of separated values, as RFC 4180 defines them.
///
/// A field in double quotes may hold separators, line ends and doubled quotes. A quote elsewhere
/// is an error, and so is a row whose number of fields isn't the first row's. Lines end with LF
/// or CR LF; empty lines are allowed at the end of the file only. The text is UTF-8, with or
/// without a byte order mark; the file may be compressed with gzip.
public enum CSVFile {
  /// The file's rows.
  ///
  /// With `hasHeader`, the first line names the columns. `skippedLines` are left out at the
  /// beginning. Where `quoted` is false, a double quote is a character like any other. Throws
  /// `DomainError.missing`, or `.malformed` with line and column (both from 1, the column in
  /// bytes).
  public static func read(
    _ path: String, separator: CSVSeparator, hasHeader: Bool, skippedLines: Int = 0,
    quoted: Bool = true
  ) throws(DomainError) -> CSVTable {
    let bytes = try FileBytes.readDecompressed(path)
    var parser = CSVParser(
      bytes: bytes, path: path, separator: separator, skippedLines: skippedLines, quoted: quoted)
    var rows: [[String]] = []
    var lines: [Int] = []
    while let (fields, line) = try parser.row() {
      if let first = rows.first, fields.count != first.count {
        throw .malformed(
          path: path, place: "line \(line)",
          expected: "\(first.count) fields, as in line \(lines[0])", found: "\(fields.count)")
      }
      rows.append(fields)
      lines.append(line)
    }
    guard hasHeader else {
      if rows.isEmpty {
        throw .malformed(path: path, place: "line 1", expected: "a row", found: "an empty file")
      }
      return CSVTable(header: [], rows: rows, lines: lines)
    }
    guard let header = rows.first else {
      throw .malformed(path: path, place: "line 1", expected: "a header", found: "an empty file")
    }
    return CSVTable(
      header: header, rows: Array(rows.dropFirst()), lines: Array(lines.dropFirst()))
  }
}

/// Reads rows one after another.
private struct CSVParser {
  private let bytes: [UInt8]
  private let path: String
  private let separator: [UInt8]
  private let isWhitespace: Bool
  private let isQuoted: Bool
  private var position = 0
  private var line = 1
  private var lineStart = 0

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(
    bytes: [UInt8], path: String, separator: CSVSeparator, skippedLines: Int, quoted: Bool
  ) {
    self.bytes = bytes
    self.path = path
    self.isQuoted = quoted
    switch separator {
    case .character(let character):
      self.separator = Array(String(character).utf8)
      self.isWhitespace = false
    case .whitespace:
      self.separator = []
      self.isWhitespace = true
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    lineStart = position
    while line <= skippedLines, position < bytes.count {
      if bytes[position] == Self.lineFeed { startLine(at: position + 1) }
      position += 1
    }
  }

  /// The next row and the line on which it begins; nil at the end.
  mutating func row() throws(DomainError) -> (fields: [String], line: Int)? {
    skipSpace()
    guard position < bytes.count, !onlyLineEndsRemain else { return nil }
    let first = line
    var fields: [String] = []
    while true {
      fields.append(try field())
      if atSeparator {
        if !isWhitespace {
          position += separator.count
          continue
        }
        skipSpace()
        if position < bytes.count, !atLineEnd { continue }
      }
      if position < bytes.count { try takeLineEnd() }
      return (fields, first)
    }
  }

  private var onlyLineEndsRemain: Bool {
    guard bytes[position] == Self.lineFeed || bytes[position] == Self.carriageReturn else {
      return false
    }
    return bytes[position...].allSatisfy {
      $0 == Self.lineFeed || $0 == Self.carriageReturn || isWhitespace && Self.isSpace($0)
    }
  }

  private var atLineEnd: Bool {
    bytes[position] == Self.lineFeed || bytes[position] == Self.carriageReturn
  }

  private var atSeparator: Bool {
    guard position < bytes.count else { return false }
    if isWhitespace { return Self.isSpace(bytes[position]) }
    return bytes[position] == separator[0]
      && (separator.count == 1 || bytes[position...].starts(with: separator))
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private mutating func skipSpace() {
    guard isWhitespace else { return }
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
  }

  private mutating func startLine(at start: Int) {
    line += 1
    lineStart = start
  }

  private mutating func takeLineEnd() throws(DomainError) {
    if bytes[position] == Self.carriageReturn {
      position += 1
      guard position < bytes.count, bytes[position] == Self.lineFeed else {
        position -= 1
        throw malformed("a line feed after the carriage return", "another character")
      }
    }
    position += 1
    startLine(at: position)
  }

  private mutating func field() throws(DomainError) -> String {
    if isQuoted, position < bytes.count, bytes[position] == Self.quote { return try quotedField() }
    let start = position
    while position < bytes.count, !atSeparator, !atLineEnd {
      if isQuoted, bytes[position] == Self.quote {
        throw malformed("a quote only around a whole field", "a quote within a field")
      }
      position += 1
    }
    return try text(bytes[start..<position], at: start)
  }

  private mutating func quotedField() throws(DomainError) -> String {
    let opening = (position: position, line: line, lineStart: lineStart)
    position += 1
    var content: [UInt8] = []
    while true {
      guard position < bytes.count else {
        (position, line, lineStart) = opening
        throw malformed("a closing quote", "the end of the file")
      }
      let byte = bytes[position]
      position += 1
      if byte == Self.quote {
        guard position < bytes.count, bytes[position] == Self.quote else { break }
        position += 1
      } else if byte == Self.lineFeed {
        startLine(at: position)
      }
      content.append(byte)
    }
    guard position == bytes.count || atSeparator || atLineEnd else {
      throw malformed("a separator after the closing quote", "another character")
    }
    return try text(content[...], at: opening.position)
  }

  private func text(_ content: ArraySlice<UInt8>, at start: Int) throws(DomainError) -> String {
    guard let text = String(validating: content, as: UTF8.self) else {
      throw .malformed(
        path: path, place: "line \(line), column \(max(start - lineStart, 0) + 1)",
        expected: "text in UTF-8", found: "other bytes")
    }
    return text
  }

  private func malformed(_ expected: String, _ found: String) -> DomainError {
    .malformed(
      path: path, place: "line \(line), column \(position - lineStart + 1)", expected: expected,
      found: found)
  }
}
