import Foundation
import Metrics

/// Learning curves over shots: each method beside its reference, a panel each.
struct CurvesFigure: Sendable {
  /// One method, means over pairs.
  struct Panel: Sendable {
    let name: String
    let points: [(shots: Int, score: Double, reference: Double?)]
  }

  let panels: [Panel]

  /// The drawing.
  var figure: Figure {
    let columns = min(4, max(1, panels.count))
    let (wide, high) = (230.0, 170.0)
    let values = panels.flatMap {
      $0.points.flatMap { [$0.score] + [$0.reference].compactMap(\.self) }
    }
    var content: [Markup] = []
    for (place, panel) in panels.enumerated() {
      let (x, y) = (Double(place % columns) * wide, Double(place / columns) * high + 8)
      content += draw(panel, x + 40, y + 22, x + wide - 14, y + high - 32, values)
    }
    let rows = (panels.count + columns - 1) / columns
    return Figure(
      name: "curves", title: "Learning curves",
      caption: "Score in points of 100 against labelled target samples of each class, means over "
        + "pairs; shots on a logarithmic axis. Solid: the method; dashed: its reference.",
      width: wide * Double(columns), height: high * Double(rows) + 14, content: content)
  }

  private func draw(
    _ panel: Panel, _ left: Double, _ top: Double, _ right: Double, _ bottom: Double,
    _ values: [Double]
  ) -> [Markup] {
    let across = Scale(
      panels.flatMap { $0.points.map { log(Double($0.shots)) } }, from: left + 4, to: right - 4,
      least: 0.1)
    let up = Scale(values, from: bottom, to: top)
    var content = [Figure.label(panel.name, left, top - 8, most: 30, weight: "bold")]
    for value in up.ticks(every: 34) {
      content.append(Figure.line(left, up(value), right, up(value)))
      content.append(
        Figure.label(
          Scale.points(value), left - 5, up(value) + 4, .end, style: "soft", fill: Ink.soft))
    }
    for point in panel.points {
      content.append(
        Figure.label(
          String(point.shots), across(log(Double(point.shots))), bottom + 14, .middle,
          style: "soft", fill: Ink.soft))
    }
    func polyline(_ values: [(Int, Double)], _ style: String, _ stroke: String, _ dashes: String?)
      -> Markup
    {
      let points = values.map { "\(Figure.n(across(log(Double($0.0))))),\(Figure.n(up($0.1)))" }
      return .element(
        "polyline",
        [
          "class": style, "fill": "none", "stroke": stroke, "stroke-width": "2",
          "stroke-dasharray": dashes, "points": points.joined(separator: " "),
        ])
    }
    let others = panel.points.compactMap { point in
      point.reference.map { (point.shots, $0) }
    }
    if others.count > 1 { content.append(polyline(others, "s neu", Ink.neutral, "5 3")) }
    content.append(polyline(panel.points.map { ($0.shots, $0.score) }, "s pos", Ink.positive, nil))
    for point in panel.points {
      let title =
        "\(panel.name), \(Shown.count(point.shots, "shot")): score \(Shown.points(point.score))"
        + (point.reference.map { ", reference \(Shown.points($0))" } ?? "")
      content.append(
        Figure.titled(
          title, [Figure.dot(across(log(Double(point.shots))), up(point.score), .positive)]))
    }
    return content
  }
}
