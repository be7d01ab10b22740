/// A table of texts, in the formats for people.
struct TextTable {
  /// The columns' names.
  let header: [String]
  /// The rows, an entry for each column.
  let rows: [[String]]
  /// The columns of words; all others hold numbers.
  var words: Set<Int> = [0]
  /// A colour or style for an entry of a row, by row and column; none outside terminals.
  var style: (_ row: Int, _ column: Int) -> String? = { _, _ in nil }

  /// For terminals: columns aligned, a rule below the header.
  func aligned(isColoured: Bool) -> String {
    let padded = AlignedColumns.padded(
      [header] + rows, rightAligned: Set(header.indices).subtracting(words))
    let rule = String(repeating: "─", count: padded[0].joined(separator: "  ").count)
    let body = padded.dropFirst().enumerated().map { row, entries in
      AlignedColumns.line(
        entries.enumerated().map { column, entry in
          guard isColoured, let style = style(row, column) else { return entry }
          return style + entry + "\u{1B}[0m"
        })
    }
    return ([AlignedColumns.line(padded[0]), rule] + body).joined(separator: "\n") + "\n"
  }

  /// A table of Markdown.
  func markdown() -> String {
    let marks = header.indices.map { words.contains($0) ? "---" : "---:" }
    return ([header, marks] + rows).map { row in
      "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }.joined()
  }

  /// A tabular of LaTeX with booktabs.
  func latex() -> String {
    let lines = ([header] + rows).map { row in
      row.map(Self.escaped).joined(separator: " & ") + " \\\\"
    }
    let columns = header.indices.map { words.contains($0) ? "l" : "r" }.joined()
    return
      (["\\begin{tabular}{\(columns)}", "\\toprule", lines[0], "\\midrule"] + lines.dropFirst()
      + ["\\bottomrule", "\\end{tabular}"]).joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      default: String(character)
      }
    }.joined()
  }
}
