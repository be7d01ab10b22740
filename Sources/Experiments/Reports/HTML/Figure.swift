import Foundation

/// A drawing as SVG: the same text stands in the report and in a file of its own.
///
/// Colours are attributes, so that any program draws them; the report's style sheet goes over them
/// by the classes, for dark screens.
struct Figure: Sendable {
  /// The file's name without its ending, and the beginning of ids.
  let name: String
  /// What is shown.
  let title: String
  /// How to read it.
  let caption: String
  /// In pixels.
  let width: Double
  /// In pixels.
  let height: Double
  /// What is drawn.
  let content: [Markup]
  /// Whether its parts have texts of their own, rather than being one picture.
  var hasParts = false

  /// The drawing.
  var svg: Markup {
    .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(Self.n(width)) \(Self.n(height))",
        "width": Self.n(width), "height": Self.n(height), "role": hasParts ? "group" : "img",
        "aria-labelledby": "\(name)-title", "aria-describedby": "\(name)-text",
        "font-family": "system-ui, 'DejaVu Sans', Helvetica, Arial, sans-serif",
        "font-size": "11",
      ],
      [
        .element("title", ["id": "\(name)-title"], [.text(title)]),
        .element("desc", ["id": "\(name)-text"], [.text(caption)]),
        Self.rect(0, 0, width, height, "ground", fill: "#ffffff"),
      ] + content)
  }

  /// The drawing as a file.
  var file: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg.source + "\n" }
}

/// The colours on white of what the style sheet has classes for.
enum Ink {
  static let text = "#1b1d22"
  static let soft = "#565b66"
  static let grid = "#e1e4ea"
  static let positive = "#0b5cad"
  static let negative = "#b3261e"
  static let neutral = "#565b66"
}

extension Figure {
  /// A coordinate with at most one digit after the point.
  static func n(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    if rounded == rounded.rounded() { return String(Int(rounded)) }
    return String(format: "%.1f", rounded)
  }

  static func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, fill: String
  ) -> Markup {
    .element(
      "rect",
      [
        "class": style, "x": n(x), "y": n(y), "width": n(width), "height": n(height), "fill": fill,
      ])
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String = "grid",
    stroke: String = Ink.grid, width: Double = 1, dashes: String? = nil
  ) -> Markup {
    .element(
      "line",
      [
        "class": style, "x1": n(x1), "y1": n(y1), "x2": n(x2), "y2": n(y2), "stroke": stroke,
        "stroke-width": n(width), "stroke-dasharray": dashes,
      ])
  }

  enum Anchor: String {
    case start, middle, end
  }

  /// A text that is cut to a number of characters; the whole is its title then.
  static func label(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, style: String = "ink",
    fill: String = Ink.text, most: Int = .max, weight: String? = nil, rotation: Double? = nil
  ) -> Markup {
    let isCut = text.count > most
    let shown = isCut ? text.prefix(most - 1) + "…" : text[...]
    return .element(
      "text",
      [
        "class": style, "x": n(x), "y": n(y),
        "text-anchor": anchor == .start ? nil : anchor.rawValue, "fill": fill,
        "font-weight": weight,
        "transform": rotation.map { "rotate(\(n($0)) \(n(x)) \(n(y)))" },
      ], [.text(String(shown))] + (isCut ? [.element("title", [:], [.text(text)])] : []))
  }

  /// A group whose title is shown on hover.
  static func titled(_ title: String, style: String = "mark", _ content: [Markup]) -> Markup {
    .element("g", ["class": style], [.element("title", [:], [.text(title)])] + content)
  }
}

/// Numbers as figures and pages show them.
enum Shown {
  /// In points of 100 with a true minus; empty of nothing.
  static func points(_ value: Double?, signed: Bool = false) -> String {
    Points.text(value, signed: signed).replacing("-", with: "−")
  }

  static func interval(_ low: Double?, _ high: Double?, signed: Bool = true) -> String {
    guard let low, let high else { return "" }
    return "[\(points(low, signed: signed)), \(points(high, signed: signed))]"
  }

  /// A time with two figures that count, in µs, ms or s.
  static func time(_ seconds: Double?) -> String {
    guard let seconds else { return "" }
    let (value, unit) =
      seconds < 1e-3 ? (seconds * 1e6, "µs") : seconds < 1 ? (seconds * 1e3, "ms") : (seconds, "s")
    return String(format: value >= 9.95 ? "%.0f" : "%.1f", value) + " \(unit)"
  }

  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
