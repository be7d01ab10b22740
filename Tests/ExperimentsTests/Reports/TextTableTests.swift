import Testing

@testable import Experiments

struct TextTableTests {
  /// A table whose first column is a name that would do something if it were obeyed.
  private func table(_ name: String) -> TextTable {
    TextTable(header: ["name", "value"], rows: [[name, "1"]], numbers: [1])
  }

  @Test(arguments: ["a\nb", "\u{1B}[2J", "a\r\nb", "\u{202E}live", "a\u{2028}b", "\0"])
  func noNameBreaksALineOrReachesTheTerminal(_ name: String) {
    let table = table(name)
    #expect(table.aligned().split(separator: "\n").count == 3)
    #expect(table.markdown.split(separator: "\n").count == 3)
    for text in [table.aligned(), table.markdown, table.latex] {
      #expect(text.contains("\u{FFFD}"))
      #expect(
        text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }
  }

  @Test func noNameIsACommandOfLaTeX() {
    let latex = table("\\input{/etc/passwd} $x^2$ 50% a_b #1 ~ {&}").latex
    #expect(
      latex.contains(
        "\\textbackslash{}input\\{/etc/passwd\\} \\$x\\textasciicircum{}2\\$ 50\\% a\\_b \\#1 "
          + "\\textasciitilde{} \\{\\&\\} & 1 \\\\"))
  }

  @Test func noNameIsAColumnOfMarkdown() {
    #expect(table("a|b").markdown.contains("| a\\|b | 1 |"))
  }

  @Test func theBestIsBoldInEveryFormat() {
    let table = TextTable(
      header: ["name", "gain"], rows: [["a", "+1.5 ± 0.2"], ["b", "-1.0"]], numbers: [1],
      style: { row, _ in row == 1 ? "2" : nil }, isBold: { row, column in (row, column) == (0, 1) })
    #expect(table.markdown.hasSuffix("| a | **+1.5 ± 0.2** |\n| b | -1.0 |\n"))
    #expect(table.latex.contains("a & \\textbf{$+$1.5 $\\pm$ 0.2} \\\\\nb & $-$1.0 \\\\\n"))
    #expect(table.aligned(isColoured: true).contains("\u{1B}[1m+1.5 ± 0.2\u{1B}[0m"))
    #expect(!table.aligned().contains("\u{1B}"))
  }
}
