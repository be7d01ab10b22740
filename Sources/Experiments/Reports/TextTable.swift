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
  /// Whether an entry is set in bold, as the best of its column is.
  var isBold: (_ row: Int, _ column: Int) -> Bool = { _, _ in false }

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
        entries.enumerated().map { column, entry in
          let styles = [isBold(row, column) ? "1" : nil, style(row, column)].compactMap(\.self)
          return styled(entry, styles.isEmpty ? nil : styles.joined(separator: ";"))
        })
    }
    let heading = title.isEmpty ? [] : [styled(title, "1")]
    return (heading + [AlignedColumns.line(padded[0]), rule] + body).joined(separator: "\n") + "\n"
  }

  /// A table of GitHub's Markdown.
  var markdown: String {
    let rule = header.indices.map { numbers.contains($0) ? "---:" : "---" }
    let entries = formatted(
      { text, _ in text.inOneLine.replacing("|", with: "\\|") }, bold: { "**\($0)**" })
    let text = ([header, rule] + entries).map { "| " + $0.joined(separator: " | ") + " |\n" }
    return (title.isEmpty ? "" : "**\(title)**\n\n") + text.joined()
  }

  /// A `tabular` with the rules of booktabs; signs of numbers are those of mathematics.
  var latex: String {
    func line(_ entries: [String]) -> String { entries.joined(separator: " & ") + " \\\\" }
    let columns = header.indices.map { numbers.contains($0) ? "r" : "l" }.joined()
    let entries = formatted(
      { text, column in
        let escaped = Self.escaped(text)
        return numbers.contains(column)
          ? escaped.replacing("-", with: "$-$").replacing("+", with: "$+$") : escaped
      }, bold: { "\\textbf{\($0)}" })
    let lines =
      (title.isEmpty ? [] : ["% " + title.inOneLine]) + [
        "\\begin{tabular}{\(columns)}", "\\toprule", line(header.map(Self.escaped)), "\\midrule",
      ] + entries.map(line) + ["\\bottomrule", "\\end{tabular}"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every entry as a format writes it, and what is bold as it writes that.
  private func formatted(
    _ text: (_ text: String, _ column: Int) -> String, bold: (String) -> String
  ) -> [[String]] {
    rows.enumerated().map { row, entries in
      entries.enumerated().map { column, entry in
        let written = text(entry, column)
        return isBold(row, column) && !written.isEmpty ? bold(written) : written
      }
    }
  }

  private static func escaped(_ text: String) -> String {
    text.inOneLine.map { character in
      switch character {
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "−": "$-$"
      case "±": "$\\pm$"
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
