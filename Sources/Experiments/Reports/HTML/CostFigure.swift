import Foundation
import Metrics

/// What a method costs against what it gains.
struct CostFigure: Sendable {
  /// One method over all pairs.
  struct Point: Sendable {
    let name: String
    /// The mean wall time of a fit and its prediction.
    let seconds: Double
    let gain: Double
    let verdict: Verdict?
  }

  let points: [Point]

  /// The drawing.
  var figure: Figure {
    let (left, right, top, bottom) = (60.0, 820.0, 20.0, 420.0)
    let across = Scale(
      points.map { log10($0.seconds) }, from: left + 10, to: right - 110, least: 0.5)
    let up = Scale([0] + points.map(\.gain), from: bottom - 10, to: top + 10)
    var content: [Markup] = []
    for value in up.ticks(every: 45) {
      content.append(Figure.line(left, up(value), right, up(value)))
      content.append(
        Figure.label(
          Scale.points(value, signed: true), left - 6, up(value) + 4, .end, style: "soft",
          fill: Ink.soft))
    }
    content.append(Figure.line(left, up(0), right, up(0), "zero", stroke: Ink.soft, width: 1.5))
    for power in Int(
      across.low.rounded(.up))...max(
        Int(across.low.rounded(.up)), Int(across.high.rounded(.down)))
    {
      let x = across(Double(power))
      guard x >= left, x <= right else { continue }
      content.append(Figure.line(x, top, x, bottom))
      content.append(
        Figure.label(
          Self.seconds(power), x, bottom + 16, .middle, style: "soft", fill: Ink.soft))
    }
    content.append(
      Figure.label(
        "Seconds for a fit and its prediction", (left + right) / 2, bottom + 36, .middle))
    content.append(
      Figure.label("Gain, points", 16, (top + bottom) / 2, .middle, rotation: -90))
    var boxes = points.map { point in
      Box(x: across(log10(point.seconds)) - 5, y: up(point.gain) - 5, width: 10, height: 10)
    }
    // The greatest gains and losses are named first; a name that would lie on another is left out.
    let order = points.indices.sorted {
      (-abs(points[$0].gain), $0) < (-abs(points[$1].gain), $1)
    }
    for place in order {
      let point = points[place]
      let (x, y) = (across(log10(point.seconds)), up(point.gain))
      let title =
        "\(point.name): \(Shown.time(point.seconds)), gain "
        + Shown.points(point.gain, signed: true)
        + (point.verdict.map { ", \($0.rawValue)" } ?? "")
      var parts = [Figure.dot(x, y, point.verdict)]
      let name = point.name.count > 28 ? point.name.prefix(27) + "…" : point.name[...]
      let box = Box(x: x + 7, y: y - 6, width: Double(name.count) * 6.3, height: 12)
      if !boxes.contains(where: box.overlaps), box.x + box.width < right + 20 {
        boxes.append(box)
        parts.append(Figure.label(String(name), x + 8, y + 4))
      }
      content.append(Figure.titled(title, parts))
    }
    return Figure(
      name: "cost", title: "Cost against gain",
      caption: "Means over pairs; the time is on a logarithmic axis. Discs gained, diamonds lost, "
        + "open discs can't be told from 0. Names that would overlap are left out; each point "
        + "tells its own on hover.",
      width: right + 30, height: bottom + 48, content: content)
  }

  private struct Box {
    let x: Double
    let y: Double
    let width: Double
    let height: Double

    func overlaps(_ other: Box) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height
        && other.y < y + height
    }
  }

  private static func seconds(_ power: Int) -> String {
    switch power {
    case ..<(-3): "\(String(format: "%g", pow(10, Double(power) + 6))) µs"
    case ..<0: "\(String(format: "%g", pow(10, Double(power) + 3))) ms"
    default: "\(String(format: "%g", pow(10, Double(power)))) s"
    }
  }
}
