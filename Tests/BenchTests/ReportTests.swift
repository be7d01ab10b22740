import Domains
import Foundation
import FoundationXML
import TestSupport
import Testing

/// `bench report` as users run it.
@Suite(.enabled(if: Program.path != nil, Program.absent))
struct ReportTests {
  /// Reads a page as XML: its elements' names and attributes, and the rows of its first table.
  private final class Page: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var isWhole = false

    init(_ path: String) throws {
      super.init()
      let parser = XMLParser(data: try Data(contentsOf: URL(fileURLWithPath: path)))
      parser.delegate = self
      isWhole = parser.parse()
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append((name, attributes))
    }

    /// The rows of the result table.
    var methods: Int { elements.count { $0.attributes["data-verdict"] != nil } }
  }

  private static let quick = ["--repetitions", "2", "--resamples", "20", "--quiet"]

  @Test func thePageIsWholeAndTheSameForTheSameStore() throws {
    let folder = try TemporaryFolder()
    let out = "\(folder.path)/out"
    let run = try Program.run(
      [
        "compare", "--pairs", "moons,clinics", "--methods", "coral,biased-logistic,seeded-kmeans",
        "--shots", "2,5", "--out", out,
      ] + Self.quick)
    #expect(run.code == 0, "\(run.errors)")
    var pages: [Data] = []
    for _ in 0..<2 {
      let result = try Program.run([
        "report", out, "--scatter", "coral on moons:rotated-0->rotated-40",
      ])
      #expect(result.code == 0, "\(result.errors)")
      pages.append(try Data(contentsOf: URL(fileURLWithPath: "\(out)/report.html")))
    }
    #expect(pages[0] == pages[1])
    let page = try Page("\(out)/report.html")
    #expect(page.isWhole)
    // The lines of the printed table: those between its rule and the next empty line.
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    let rule = try #require(lines.firstIndex { $0.hasPrefix("──") })
    let printed = lines[(rule + 1)...].prefix { !$0.isEmpty }
    #expect(page.methods == printed.count)
    // Nothing is loaded from anywhere: what links there are lead into the page and its figures.
    for (name, attributes) in page.elements where name != "svg" && name != "html" {
      if let link = attributes["href"] {
        #expect(link.hasPrefix("#") || link.hasPrefix("figures/") || link == "data:,")
      }
      #expect(attributes["src"] == nil)
    }
    let text = String(decoding: pages[0], as: UTF8.self)
    let figures = try FileManager.default.contentsOfDirectory(atPath: "\(out)/figures")
    for figure in figures where figure.hasSuffix(".svg") {
      for (ending, magic) in [("pdf", "%PDF-1."), ("png", "\u{89}PNG")] {
        let path = "\(out)/figures/\(figure.dropLast(3))\(ending)"
        let start = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(
          magic.unicodeScalars.count)
        #expect(start.elementsEqual(magic.unicodeScalars.map { UInt8($0.value) }), "\(path)")
      }
      let whole = try String(contentsOfFile: "\(out)/figures/\(figure)", encoding: .utf8)
      let drawing = try #require(whole.firstRange(of: "<svg")).lowerBound
      #expect(text.contains(whole[drawing...].dropLast()), "\(figure)")
    }
    for id in [
      "summary", "gains", "scores", "bias", "domains", "curves", "cost", "cells", "provenance",
    ] {
      #expect(page.elements.contains { $0.name == "section" && $0.attributes["id"] == id }, "\(id)")
    }
  }

  /// What an earlier plan left is removed, and nothing that bench doesn't write.
  @Test func anEarlierPlanLeavesNothing() throws {
    try TemporaryFolder.with { out in
      let quick = ["--repetitions", "2", "--resamples", "20", "--quiet", "--out", out]
      let first = try Program.run(
        [
          "compare", "--methods", "source-only,coral", "--pairs",
          "moons:rotated-0->rotated-10,moons:rotated-0->rotated-20", "--predictions",
        ] + quick)
      #expect(first.code == 0, "\(first.errors)")
      #expect(
        try Program.run(["report", out, "--scatter", "coral on moons:rotated-0->rotated-10"]).code
          == 0)
      let (figures, predictions) = ("\(out)/figures", "\(out)/predictions")
      let own = [
        "\(out)/notes.csv", "\(figures)/mine.svg", "\(figures)/ranks-1.txt",
        "\(predictions)/mine.npz",
      ]
      for path in own { try Data().write(to: URL(fileURLWithPath: path)) }
      func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
      #expect(exists("\(out)/ranks.csv") && exists("\(figures)/domains-1.svg"))
      let second = try Program.run(
        ["compare", "--methods", "source-only", "--pairs", "moons:rotated-0->rotated-10"] + quick)
      #expect(second.code == 0, "\(second.errors)")
      #expect(try Program.run(["report", out]).code == 0)
      #expect(!exists("\(out)/ranks.csv") && !exists("\(figures)/domains-1.svg"))
      #expect(exists("\(out)/summary.csv") && exists("\(figures)/scores.svg"))
      #expect(own.allSatisfy(exists))
      let kept = try FileManager.default.contentsOfDirectory(atPath: predictions).filter {
        $0 != "mine.npz"
      }
      #expect(
        !kept.isEmpty && kept.allSatisfy { $0.contains("rotated-10.") && !$0.contains("coral") })
    }
  }

  @Test func hostileNamesAreInert() throws {
    let folder = try TemporaryFolder()
    var list = ""
    for (name, shift) in [("a.csv", 0.0), ("b.csv", 0.7)] {
      let rows = (0..<60).map { row in
        let angle = Double(row) * 2.399
        return
          "\(cos(angle) + shift + 3 * Double(row % 2)),\(sin(angle)),\(row % 2),\(row / 2 % 2)\n"
      }.joined()
      try Data(rows.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
      list += "  - {path: \(name), bytes: \(rows.utf8.count), "
      list += "sha256: \(Checksum.sha256(bytes: Array(rows.utf8)))}\n"
    }
    let card = """
      ---
      title: Hostile
      licence: none
      citation: none
      files:
      \(list)classes: {"<img src=x onerror=alert(1)>": 0, "=cmd|' /C calc'!A0\\n</script>": 1}
      read:
        format: csv
        header: false
        columns: [x, y, label, level]
        features: [1-2]
        labels: label
        groups:
          "<i>=\\"g": {from: level, levels: {"<u>": 0, "b&c": 1}}
      domains:
        a: {file: a.csv}
        b: {file: b.csv}
      ---

      # Hostile
      """
    try Data(card.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/hostile.md"))
    let out = "\(folder.path)/out"
    let run = try Program.run(
      [
        "compare", "--card", "\(folder.path)/hostile.md", "--pairs", "hostile", "--methods",
        "coral,seeded-kmeans", "--out", out,
      ] + Self.quick)
    #expect(run.code == 0, "\(run.errors)")
    let result = try Program.run(["report", out])
    #expect(result.code == 0, "\(result.errors)")
    let page = try Page("\(out)/report.html")
    #expect(page.isWhole)
    #expect(
      page.elements.allSatisfy { $0.name != "img" && $0.name != "b" || $0.attributes.isEmpty })
    #expect(page.elements.count { $0.name == "script" } == 2)
    #expect(page.elements.allSatisfy { $0.attributes.keys.allSatisfy { !$0.hasPrefix("on") } })
    let text = try String(contentsOfFile: "\(out)/report.html", encoding: .utf8)
    #expect(!text.contains("<img"))
    #expect(text.components(separatedBy: "</script>").count == 3)
  }

  @Test func onlyWhatMovesSamplesIsScattered() throws {
    let folder = try TemporaryFolder()
    let out = "\(folder.path)/out"
    let run = try Program.run(
      ["compare", "--pairs", "moons", "--methods", "coral,kmm", "--out", out] + Self.quick)
    #expect(run.code == 0, "\(run.errors)")
    for (text, complaint) in [
      (
        "kmm on moons:rotated-0->rotated-40",
        "There is nothing to draw of 'kmm on moons:rotated-0->rotated-40'"
      ),
      ("tca on moons", "unknown method 'tca'"), ("coral on blobs", "unknown pair 'blobs'"),
      ("coral", "--scatter takes a method and a pair"),
    ] {
      let result = try Program.run(["report", out, "--scatter", text])
      #expect(result.code == 2)
      #expect(result.errors.localizedCaseInsensitiveContains(complaint), "\(result.errors)")
    }
  }

  @Test func anAblationIsDrawn() throws {
    let folder = try TemporaryFolder()
    let out = "\(folder.path)/out"
    let run = try Program.run(
      [
        "ablate", "tca", "--vary", "components=1,2", "--vary", "learner=1-nn", "--pairs", "moons",
        "--out", out,
      ] + Self.quick)
    #expect(run.code == 0, "\(run.errors)")
    #expect(try Program.run(["report", out]).code == 0)
    let page = try Page("\(out)/report.html")
    #expect(page.elements.contains { $0.attributes["id"] == "ablation-title" })
  }

  @Test func aFolderWithoutResultsIsRefusedInASentence() throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(["report", folder.path])
    #expect(result.code == 2)
    #expect(
      result.errors
        == "bench: There are no results in \(folder.path); 'bench compare --out \(folder.path)' makes some.\n"
    )
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
