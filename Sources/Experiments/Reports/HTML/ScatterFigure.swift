import Foundation

/// Two domains in two dimensions, before and after a method moved them: by domain, then by class.
struct ScatterFigure: Sendable {
  /// Counts the figures of a report.
  let place: Int
  let scatter: DomainScatter

  /// The names under which methods and pairs stand in the report.
  var name: String { "\(ResultTable.name(scatter.method)) on \(scatter.pair)" }

  /// Colours of classes that people with any colour vision tell apart, on white and on black alike.
  ///
  /// From M. Okabe and K. Ito, "Color universal design", 2008.
  private static let colours = [
    "#e69f00", "#56b4e9", "#009e73", "#d55e00", "#0072b2", "#cc79a7", "#8c8c8c",
  ]

  /// The drawing.
  var figure: Figure {
    let (side, gap, left, top) = (330.0, 44.0, 16.0, 40.0)
    let planes = [("Before", scatter.before), ("After", scatter.after)]
    // More classes than colours would be told apart by nothing.
    let rows = scatter.classes.count <= Self.colours.count ? 2 : 1
    var content: [Markup] = []
    for (column, (title, plane)) in planes.enumerated() {
      let x = left + Double(column) * (side + gap)
      content.append(
        Figure.label(
          "\(title): \(Int((100 * plane.share).rounded())) % of the variance", x, top - 12,
          weight: "bold"))
      for row in 0..<rows {
        let y = top + Double(row) * (side + gap)
        content += draw(plane, x, y, side, byClass: row == 1)
      }
    }
    let bottom = top + Double(rows) * (side + gap) - 20
    content += legend(
      left, top + side + 18,
      [
        ("source", Ink.positive, "s pos", false), ("target", Ink.negative, "s neg", true),
      ])
    if rows == 2 {
      content += legend(
        left, bottom - 6,
        scatter.classes.enumerated().map { ($1, Self.colours[$0], "", false) })
    }
    return Figure(
      name: "domains-\(place)", title: "Where \(name) moves the domains",
      caption:
        "Samples that the method saw in the first repetition, at most 300 of a domain, along "
        + "the first two principal components of both domains together: of the features as given, "
        + "and as the method moves them. Discs are source samples, crosses target samples"
        + (rows == 2 ? "; below, coloured by class." : "."),
      width: left + 2 * side + gap + 16, height: bottom + 12, content: content)
  }

  private func draw(
    _ plane: DomainScatter.Plane, _ x: Double, _ y: Double, _ side: Double, byClass: Bool
  ) -> [Markup] {
    let all = plane.source + plane.target
    let across = Scale(all.map(\.x), from: x + 8, to: x + side - 8, least: 1e-9)
    let up = Scale(all.map(\.y), from: y + side - 8, to: y + 8, least: 1e-9)
    func path(
      _ points: [DomainScatter.Point], crosses: Bool, _ style: String, _ colour: String
    ) -> Markup {
      let moves = points.map { point in
        let (x, y) = (across(point.x), up(point.y))
        return crosses
          ? "M\(Figure.n(x - 2.5)) \(Figure.n(y - 2.5))l5 5m-5 0l5 -5"
          : "M\(Figure.n(x)) \(Figure.n(y))h0"
      }
      return .element(
        "path",
        [
          "class": style, "fill": "none", "stroke": colour,
          "stroke-width": crosses ? "1.2" : "4.5", "stroke-linecap": "round",
          "stroke-opacity": crosses ? "0.9" : "0.55", "d": moves.joined(),
        ])
    }
    let frame: Markup = .element(
      "rect",
      [
        "class": "grid", "x": Figure.n(x), "y": Figure.n(y), "width": Figure.n(side),
        "height": Figure.n(side), "fill": "none", "stroke": Ink.grid,
      ])
    guard byClass else {
      return [
        frame, path(plane.source, crosses: false, "s pos", Ink.positive),
        path(plane.target, crosses: true, "s neg", Ink.negative),
      ]
    }
    return [frame]
      + [(plane.source, false), (plane.target, true)].flatMap { points, crosses in
        scatter.classes.indices.compactMap { label in
          let own = points.filter { $0.label == label }
          return own.isEmpty ? nil : path(own, crosses: crosses, "", Self.colours[label])
        }
      }
  }

  private func legend(
    _ left: Double, _ y: Double,
    _ entries: [(name: String, colour: String, style: String, isCross: Bool)]
  ) -> [Markup] {
    var x = left + 6
    return entries.flatMap { entry -> [Markup] in
      let mark: Markup = .element(
        "path",
        [
          "class": entry.style, "fill": "none", "stroke": entry.colour,
          "stroke-width": entry.isCross ? "1.4" : "7", "stroke-linecap": "round",
          "d": entry.isCross
            ? "M\(Figure.n(x - 3)) \(Figure.n(y - 7))l6 6m-6 0l6 -6"
            : "M\(Figure.n(x)) \(Figure.n(y - 4))h0",
        ])
      let label = Figure.label(entry.name, x + 9, y, most: 20)
      x += 24 + 6.6 * Double(min(entry.name.count, 20))
      return [mark, label]
    }
  }
}
