import Metrics

/// What each value of a numeric hyperparameter scores, a panel for each.
struct AblationFigure: Sendable {
  /// A hyperparameter, the others as stated; means over pairs.
  struct Panel: Sendable {
    let name: String
    let points: [Point]
  }

  /// A value of it.
  struct Point: Sendable {
    let value: String
    let score: Double
    /// Of the difference from the stated setting; nil of that setting itself.
    let difference: Span?
    let verdict: Verdict?
  }

  let method: String
  let panels: [Panel]

  /// The drawing.
  var figure: Figure {
    let columns = min(3, panels.count)
    let (wide, high) = (300.0, 200.0)
    let heights = panels.flatMap { panel in
      panel.points.flatMap { point in
        let base = point.score - (point.difference?.mean ?? 0)
        return [point.score]
          + [point.difference?.low, point.difference?.high].compactMap { $0.map { base + $0 } }
      }
    }
    var content: [Markup] = []
    for (place, panel) in panels.enumerated() {
      let (x, y) = (Double(place % columns) * wide, Double(place / columns) * high + 8)
      content += draw(
        panel, left: x + 40, top: y + 22, right: x + wide - 14, bottom: y + high - 32, heights)
    }
    let rows = (panels.count + columns - 1) / columns
    return Figure(
      name: "ablation", title: "Hyperparameters of \(method)",
      caption: "Score in points of 100, means over pairs, the other hyperparameters as stated; "
        + "values are evenly spaced. Whiskers are the 95% intervals of the difference from the "
        + "stated setting, which is the small disc without one.",
      width: wide * Double(columns), height: high * Double(rows) + 14, content: content)
  }

  private func draw(
    _ panel: Panel, left: Double, top: Double, right: Double, bottom: Double, _ heights: [Double]
  ) -> [Markup] {
    let up = Scale(heights, from: bottom, to: top)
    func across(_ place: Int) -> Double {
      left + 12 + (right - left - 24) * Double(place) / Double(max(panel.points.count - 1, 1))
    }
    var content = [Figure.label(panel.name, left, top - 8, most: 36, weight: "bold")]
    for value in up.ticks(every: 34) {
      content.append(Figure.line(left, up(value), right, up(value)))
      content.append(
        Figure.label(
          Scale.points(value), left - 5, up(value) + 4, .end, style: "soft", fill: Ink.soft))
    }
    let places = panel.points.enumerated().map {
      "\(Figure.n(across($0))),\(Figure.n(up($1.score)))"
    }
    content.append(
      .element(
        "polyline",
        [
          "class": "s neu", "fill": "none", "stroke": Ink.neutral, "stroke-width": "1",
          "points": places.joined(separator: " "),
        ]))
    for (place, point) in panel.points.enumerated() {
      let (x, y) = (across(place), up(point.score))
      content.append(
        Figure.label(
          point.value, x, bottom + 14, .middle, style: "soft", fill: Ink.soft, most: 8))
      var parts: [Markup] = []
      if let difference = point.difference, let low = difference.low, let high = difference.high {
        let base = point.score - difference.mean
        let (style, colour) = Figure.style(point.verdict)
        parts.append(
          Figure.line(
            x, up(base + low), x, up(base + high), "s \(style)", stroke: colour, width: 1.5))
      }
      parts.append(Figure.dot(x, y, point.verdict))
      let title =
        "\(panel.name) = \(point.value): score \(Shown.points(point.score))"
        + (point.difference.map {
          ", difference \(Shown.points($0.mean, signed: true)) \(Shown.interval($0.low, $0.high))"
        } ?? ", as stated")
      content.append(Figure.titled(title, parts))
    }
    return content
  }
}

extension AblationTable {
  /// What each numeric hyperparameter does, of an ablation that varies one at a time; nil where
  /// nothing numeric is varied.
  var figure: AblationFigure? {
    guard isOneAtATime else { return nil }
    var panels: [(name: String, rows: [Row])] = []
    for row in rows {
      if !row.name.isEmpty { panels.append((row.name, [])) }
      guard !panels.isEmpty else { continue }
      panels[panels.count - 1].rows.append(row)
    }
    let drawn = panels.filter { $0.rows.allSatisfy { Double($0.value) != nil } }
    guard !drawn.isEmpty else { return nil }
    return AblationFigure(
      method: stated,
      panels: drawn.map { panel in
        AblationFigure.Panel(
          name: panel.name,
          points: panel.rows.compactMap { row in
            row.line.score.map { score in
              AblationFigure.Point(
                value: row.value, score: score.mean,
                difference: score.gain.map {
                  Span(mean: $0, low: score.gainLow, high: score.gainHigh)
                }, verdict: row.line.verdict)
            }
          })
      })
  }
}
