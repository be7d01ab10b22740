/// A table of texts that can be aligned, or written in Markdown or LaTeX.
public struct PlainTable: Sendable, Hashable {
  /// The line above the table; empty for none.
  public let title: String
  /// The columns' names.
  public let header: [String]
  /// The rows, each with an entry a column.
  public let rows: [[String]]
  /// The columns that hold numbers.
  public let numbers: Set<Int>

  /// A table whose columns `numbers` are right-aligned.
  public init(title: String = "", header: [String], rows: [[String]], numbers: Set<Int>) {
    precondition(
      rows.allSatisfy { $0.count == header.count }, "A row of a table has an entry a column.")
    self.title = title
    self.header = header
    self.rows = rows
    self.numbers = numbers
  }

  /// Columns padded to their widest entry, under a rule.
  public var aligned: String {
    let padded = AlignedColumns.padded([header] + rows, rightAligned: numbers)
    let rule = padded[0].joined(separator: "  ").map { _ in "─" }.joined()
    let lines =
      [AlignedColumns.line(padded[0]), rule] + padded.dropFirst().map(AlignedColumns.line)
    return ((title.isEmpty ? [] : [title]) + lines).joined(separator: "\n") + "\n"
  }

  /// A table of GitHub's Markdown.
  public var markdown: String {
    let rule = header.indices.map { numbers.contains($0) ? "---:" : "---" }
    let text = ([header, rule] + rows).map { row in
      "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }.joined()
    return (title.isEmpty ? "" : "**\(title)**\n\n") + text
  }

  /// A `tabular` with the rules of booktabs.
  public var latex: String {
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
    text.map { character in
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
