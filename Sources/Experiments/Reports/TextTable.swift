/// A table of texts that can be aligned, or written in Markdown or LaTeX.
struct TextTable {
  /// The line above the table; empty for none.
  var title = ""
  /// The columns' names.
  let header: [String]
  /// The rows, each with an entry a column.
  let rows: [[String]]
  /// The columns that hold numbers.
  let numbers: Set<Int>
  /// The style of an entry of a row on terminals, by row and column, as an escape sequence.
  var style: (_ row: Int, _ column: Int) -> String? = { _, _ in nil }

  /// Columns padded to their widest entry, under a rule.
  func aligned(isColoured: Bool = false) -> String {
    func styled(_ text: String, _ style: String?) -> String {
      guard isColoured, let style else { return text }
      return "\u{1B}[\(style)m\(text)\u{1B}[0m"
    }
    let padded = AlignedColumns.padded(
      ([header] + rows).map { $0.map(\.inOneLine) }, rightAligned: numbers)
    let rule = padded[0].joined(separator: "  ").map { _ in "─" }.joined()
    let body = padded.dropFirst().enumerated().map { row, entries in
      AlignedColumns.line(
        entries.enumerated().map { column, entry in styled(entry, style(row, column)) })
    }
    let heading = title.isEmpty ? [] : [styled(title, "1")]
    return (heading + [AlignedColumns.line(padded[0]), rule] + body).joined(separator: "\n") + "\n"
  }

  /// A table of GitHub's Markdown.
  var markdown: String {
    let rule = header.indices.map { numbers.contains($0) ? "---:" : "---" }
    let text = ([header, rule] + rows).map { row in
      "| " + row.map { $0.inOneLine.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }.joined()
    return (title.isEmpty ? "" : "**\(title)**\n\n") + text
  }

  /// A `tabular` with the rules of booktabs.
  var latex: String {
    func line(_ row: [String]) -> String {
      row.map(Self.escaped).joined(separator: " & ") + " \\\\"
    }
    let columns = header.indices.map { numbers.contains($0) ? "r" : "l" }.joined()
    let lines =
      (title.isEmpty ? [] : ["% " + title]) + [
        "\\begin{tabular}{\(columns)}", "\\toprule", line(header), "\\midrule",
      ] + rows.map(line) + ["\\bottomrule", "\\end{tabular}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    text.inOneLine.map { character in
      switch character {
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "−": "$-$"
      case "τ": "$\\tau$"
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      default: String(character)
      }
    }.joined()
  }
}

extension String {
  /// The text with U+FFFD for every control character: no terminal obeys it, and no line ends.
  public var inOneLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map {
          $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
            || "\u{2028}"..."\u{2029}" ~= $0 ? "\u{FFFD}" : $0
        }))
  }
}
