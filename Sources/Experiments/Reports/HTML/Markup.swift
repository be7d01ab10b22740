/// XML text that is well-formed by how it is made: whatever comes from data is escaped.
///
/// As HTML it reads alike, since only elements that HTML knows as empty, and SVG's, are closed by
/// their own tag. A string literal, and what is interpolated into one, is text.
struct Markup: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// The text as it is written to a file.
  let source: String

  init(stringLiteral value: String) {
    self = .text(value)
  }

  private init(source: String) {
    self.source = source
  }

  /// Nothing.
  static let none = Markup(source: "")

  /// A text, escaped.
  static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

  /// One after the other.
  static func all(_ parts: [Markup]) -> Markup {
    Markup(source: parts.map(\.source).joined())
  }

  /// An element; an attribute of nil is left out.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: [Markup] = []
  ) -> Markup {
    var source = "<\(name)"
    for (key, value) in attributes {
      if let value { source += " \(key)=\"\(escaped(value))\"" }
    }
    if content.isEmpty, emptyElements.contains(name) { return Markup(source: source + " />") }
    source += ">"
    for part in content { source += part.source }
    return Markup(source: source + "</\(name)>")
  }

  /// An element that holds code of this program's own, which no escape may touch.
  ///
  /// - Precondition: the code has no `]]>` and no end tag.
  static func code(_ name: String, _ code: String) -> Markup {
    precondition(!code.contains("]]>") && !code.contains("</"), "Code can't end its own element.")
    return Markup(source: "<\(name)>/*<![CDATA[*/\n\(code)\n/*]]>*/</\(name)>\n")
  }

  /// A script element that holds JSON: what means anything in HTML or XML is escaped as JSON does.
  static func json(id: String, _ json: String) -> Markup {
    var text = ""
    for character in json.unicodeScalars {
      switch character {
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{FFFE}", "\u{FFFF}", "\u{7F}":
        let digits = String(character.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(character)
      }
    }
    return Markup(
      source: "<script type=\"application/json\" id=\"\(escaped(id))\">\(text)</script>\n")
  }

  private static let emptyElements: Set<String> = [
    "br", "input", "link", "meta", "circle", "line", "path", "polyline", "rect",
  ]

  /// What stands for a text in XML, and in HTML: no character of it means anything, and what XML
  /// can't hold, such as NUL, is U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n": result += "&#10;"
      case "\t": result += "&#9;"
      case "\r": result += "&#13;"
      case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
