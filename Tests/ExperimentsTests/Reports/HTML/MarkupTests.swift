import Foundation
import FoundationXML
import Testing

@testable import Experiments

/// Reads XML whole and gathers its text and its attributes.
final class WellFormed: NSObject, XMLParserDelegate {
  private(set) var text = ""
  private(set) var attributes: [[String: String]] = []
  private(set) var names: [String] = []
  private(set) var error: (any Error)?

  /// What a text reads as; `error` where it is no XML.
  static func read(_ source: String) -> WellFormed {
    let reader = WellFormed()
    let parser = XMLParser(data: Data(source.utf8))
    parser.delegate = reader
    if !parser.parse(), reader.error == nil { reader.error = parser.parserError }
    return reader
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    names.append(name)
    self.attributes.append(attributes)
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) { self.error = error }
}

struct MarkupTests {
  /// Names that would do something if they were taken for markup, code or formulas.
  static let hostile = [
    "<script>alert(1)</script>", "\"' onload='x' a=\"", "a\nb\tc\rd", "👩🏽‍🔬 café",
    "=cmd|' /C calc'!A0", "]]>", "<!--", "&amp;&#0;", "</style></svg>", "../../etc/passwd",
    "\u{0}\u{1}\u{B}\u{FFFE}", "\\\"</script>",
  ]

  @Test(arguments: hostile)
  func hostileTextIsInert(_ name: String) throws {
    let markup = Markup.element("p", ["title": name], [.text(name), "\(name)"])
    let read = WellFormed.read(markup.source)
    #expect(read.error == nil)
    #expect(read.names == ["p"])
    let shown = String(
      String.UnicodeScalarView(
        name.unicodeScalars.map {
          ($0.value < 32 && !"\n\t\r".unicodeScalars.contains($0)) || $0.value == 0xFFFE
            ? "\u{FFFD}" : $0
        }))
    #expect(read.text == shown + shown)
    #expect(read.attributes[0]["title"] == shown)
  }

  @Test(arguments: hostile)
  func hostileJSONIsTheSameInXMLAndHTML(_ name: String) throws {
    let json = String(decoding: try JSONEncoder().encode([name]), as: UTF8.self)
    let source = Markup.json(id: "data", json).source
    let read = WellFormed.read(source)
    #expect(read.error == nil)
    // HTML takes the content of a script as it stands.
    let start = try #require(source.firstIndex(of: ">"))
    let raw = source[source.index(after: start)...].dropLast("</script>\n".count)
    #expect(!raw.contains("<") && String(raw) == read.text)
    #expect(try JSONDecoder().decode([String].self, from: Data(raw.utf8)) == [name])
  }

  @Test func attributesOfNilAreLeftOutAndEmptyElementsClosed() {
    #expect(Markup.element("br", ["class": nil]).source == "<br />")
    #expect(Markup.element("td", ["class": "a"]).source == "<td class=\"a\"></td>")
    #expect(Markup.all(["<", "b"]).source == "&lt;b")
  }
}
