import Metrics

/// The score and the gain of each method, each with its interval.
struct ScoreFigure: Sendable {
  /// One method over all pairs.
  struct Row: Sendable {
    let name: String
    let score: Span
    /// Nil for a reference.
    let gain: Span?
    let verdict: Verdict?
  }

  let rows: [Row]

  private static let rowHeight = 19.0
  private static let left = 240.0
  private static let panel = 370.0
  private static let gap = 40.0

  /// The drawing.
  var figure: Figure {
    let top = 46.0
    let bottom = top + Self.rowHeight * Double(rows.count)
    let second = Self.left + Self.panel + Self.gap
    let scores = Scale(
      rows.flatMap(\.score.values), from: Self.left, to: Self.left + Self.panel)
    let gains = Scale(
      [0] + rows.flatMap { $0.gain?.values ?? [] }, from: second, to: second + Self.panel)
    var content =
      Figure.bands(rows.count, top: top, height: Self.rowHeight, width: second + Self.panel + 62)
      + Figure.axis(scores, top: top, bottom: bottom, title: "Score")
      + Figure.axis(gains, top: top, bottom: bottom, title: "Gain over the reference", signed: true)
    content.append(
      Figure.line(
        gains(0), top, gains(0), bottom, "zero", stroke: Ink.soft, width: 1.5))
    for (place, row) in rows.enumerated() {
      let y = top + Self.rowHeight * (Double(place) + 0.5)
      var parts = [
        Figure.label(row.name, Self.left - 10, y + 4, .end, most: 38)
      ]
      parts += row.score.marks(scores, y, row.gain == nil ? nil : .neutral, isReference: true)
      if let gain = row.gain {
        parts += gain.marks(gains, y, row.verdict)
        parts.append(
          Figure.label(
            Shown.points(gain.mean, signed: true), second + Self.panel + 48, y + 4, .end))
      } else {
        parts.append(
          Figure.label(
            "reference", second + Self.panel + 48, y + 4, .end, style: "soft", fill: Ink.soft))
      }
      content.append(Figure.titled(sentence(row), parts))
    }
    return Figure(
      name: "scores", title: "Score and gain of each method, means over pairs",
      caption: "Points of 100 with 95% intervals. A filled disc gained, a diamond lost, an open "
        + "disc can't be told from 0; references have no gain.",
      width: second + Self.panel + 62, height: bottom + 10, content: content)
  }

  private func sentence(_ row: Row) -> String {
    let gain = row.gain.map {
      ", gain \(Shown.points($0.mean, signed: true)) \(Shown.interval($0.low, $0.high))"
    }
    return "\(row.name): score \(Shown.points(row.score.mean)) "
      + Shown.interval(row.score.low, row.score.high, signed: false)
      + (gain ?? "") + (row.verdict.map { ", \($0.rawValue)" } ?? "")
  }
}

/// A value with its interval.
struct Span: Sendable {
  let mean: Double
  let low: Double?
  let high: Double?

  /// All that an axis must reach.
  var values: [Double] { [mean] + [low, high].compactMap(\.self) }

  /// The dot and its whisker at a height; the dot's shape tells the verdict.
  func marks(
    _ scale: Scale, _ y: Double, _ verdict: Verdict?, isReference: Bool = false
  ) -> [Markup] {
    let (style, colour) = Figure.style(isReference ? nil : verdict)
    var parts: [Markup] = []
    if let low, let high {
      parts.append(
        Figure.line(scale(low), y, scale(high), y, "s \(style)", stroke: colour, width: 1.5))
    }
    parts.append(Figure.dot(scale(mean), y, isReference ? nil : verdict))
    return parts
  }
}

extension Figure {
  /// The class and the colour of a verdict; those of ink where there is none.
  static func style(_ verdict: Verdict?) -> (style: String, colour: String) {
    switch verdict {
    case .positive: ("pos", Ink.positive)
    case .negative: ("neg", Ink.negative)
    case .neutral: ("neu", Ink.neutral)
    case nil: ("ref", Ink.text)
    }
  }

  /// A disc where it gained, a diamond where it lost, an open disc between, a small disc without a
  /// verdict: never told by colour alone.
  static func dot(_ x: Double, _ y: Double, _ verdict: Verdict?) -> Markup {
    let (style, colour) = style(verdict)
    switch verdict {
    case .negative:
      return .element(
        "path",
        [
          "class": "f \(style)", "fill": colour,
          "d": "M\(n(x)) \(n(y - 5.5))l5.5 5.5l-5.5 5.5l-5.5 -5.5z",
        ])
    case .neutral:
      return .element(
        "circle",
        [
          "class": "o \(style)", "cx": n(x), "cy": n(y), "r": "4", "fill": "#ffffff",
          "stroke": colour, "stroke-width": "1.5",
        ])
    case .positive, nil:
      return .element(
        "circle",
        [
          "class": "f \(style)", "cx": n(x), "cy": n(y), "r": verdict == nil ? "3" : "4.5",
          "fill": colour,
        ])
    }
  }

  /// Every other row on a ground of its own, so that the eye keeps to it.
  static func bands(_ rows: Int, top: Double, height: Double, width: Double) -> [Markup] {
    stride(from: 0, to: rows, by: 2).map { row in
      rect(0, top + height * Double(row), width, height, "band", fill: "#f5f6f8")
    }
  }

  /// The grid of a horizontal axis with its figures in points on top.
  static func axis(
    _ scale: Scale, top: Double, bottom: Double, title: String, signed: Bool = false
  ) -> [Markup] {
    [
      label(
        title, (scale.start + scale.end) / 2, top - 28, .middle, weight: "bold")
    ]
      + scale.ticks().flatMap { value in
        [
          line(scale(value), top, scale(value), bottom),
          label(
            Scale.points(value, signed: signed), scale(value), top - 8, .middle, style: "soft",
            fill: Ink.soft),
        ]
      }
  }
}
