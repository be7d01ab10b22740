import Metrics

/// The gap between groups before and after transfer, one line a method.
struct DriftFigure: Sendable {
  /// One method over the pairs that have the groups.
  struct Row: Sendable {
    let name: String
    let before: Double
    let after: Double
    let low: Double?
    let high: Double?
  }

  /// The attribute, or `class`.
  let group: String
  /// The number of its place among all attributes, for the file's name.
  let place: Int
  let pairs: Int
  let rows: [Row]

  /// What is compared, in words.
  var measure: String {
    group == "class" ? "Recall gap between classes" : "Accuracy gap by \(group)"
  }

  /// The drawing.
  var figure: Figure {
    let (left, panel, top, step) = (240.0, 640.0, 46.0, 19.0)
    let bottom = top + step * Double(rows.count)
    let scale = Scale(
      [0] + rows.flatMap { [$0.before, $0.after] }, from: left, to: left + panel)
    var content =
      Figure.bands(rows.count, top: top, height: step, width: left + panel + 74)
      + Figure.axis(scale, top: top, bottom: bottom, title: measure)
    content.append(
      Figure.label("drift", left + panel + 60, top - 8, .end, style: "soft", fill: Ink.soft))
    for (place, row) in rows.enumerated() {
      let y = top + step * (Double(place) + 0.5)
      let drift = row.after - row.before
      // Wider is worse: the interval decides what is called so.
      let (style, colour) = Figure.style(
        row.low.map { $0 > 0 } == true
          ? .negative : row.high.map { $0 < 0 } == true ? .positive : .neutral)
      let isSure = style != "neu"
      let title =
        "\(row.name): before \(Shown.points(row.before)), after \(Shown.points(row.after)), drift "
        + "\(Shown.points(drift, signed: true)) \(Shown.interval(row.low, row.high))"
      content.append(
        Figure.titled(
          title,
          [
            Figure.label(row.name, left - 10, y + 4, .end, most: 38),
            Figure.line(
              scale(row.before), y, scale(row.after), y, "s \(style)", stroke: colour,
              width: isSure ? 3 : 1.5),
            .element(
              "circle",
              [
                "class": "o \(style)", "cx": Figure.n(scale(row.before)), "cy": Figure.n(y),
                "r": "3.5", "fill": "#ffffff", "stroke": colour, "stroke-width": "1.5",
              ]),
            .element(
              "circle",
              [
                "class": "f \(style)", "cx": Figure.n(scale(row.after)), "cy": Figure.n(y),
                "r": "4", "fill": colour,
              ]),
            Figure.label(
              Shown.points(drift, signed: true), left + panel + 60, y + 4, .end,
              weight: isSure ? "bold" : nil),
          ]))
    }
    return Figure(
      name: "bias-drift-\(place)", title: "\(measure), before and after",
      caption: "Points of 100, means over \(Shown.count(pairs, "pair")). Open discs: the reference "
        + "without transfer; filled discs: the method. Thick lines and bold figures: the interval "
        + "of the drift leaves 0 out; red where the gap grew, blue where it shrank.",
      width: left + panel + 74, height: bottom + 10, content: content)
  }
}
