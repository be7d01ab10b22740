/// What choosing without target labels costs, rule by rule.
struct PriceFigure: Sendable {
  /// One rule over all tuned methods.
  struct Row: Sendable {
    let rule: String
    let price: Span?
    let gain: Span?
  }

  let rows: [Row]

  /// The drawing.
  var figure: Figure {
    let (left, panel, gap, top, step) = (170.0, 300.0, 40.0, 46.0, 22.0)
    let bottom = top + step * Double(rows.count)
    let prices = Scale(
      [0] + rows.flatMap { $0.price?.values ?? [] }, from: left, to: left + panel)
    let gains = Scale(
      [0] + rows.flatMap { $0.gain?.values ?? [] }, from: left + panel + gap,
      to: left + 2 * panel + gap)
    var content =
      Figure.bands(rows.count, top: top, height: step, width: left + 2 * panel + gap + 20)
      + Figure.axis(
        prices, top: top, bottom: bottom, title: "Price: the oracle's score less its own")
      + Figure.axis(
        gains, top: top, bottom: bottom, title: "Gain over the reference", signed: true)
    for scale in [prices, gains] {
      content.append(
        Figure.line(scale(0), top, scale(0), bottom, "zero", stroke: Ink.soft, width: 1.5))
    }
    for (place, row) in rows.enumerated() {
      let y = top + step * (Double(place) + 0.5)
      let title =
        row.rule
        + (row.price.map {
          ": price \(Shown.points($0.mean, signed: true)) \(Shown.interval($0.low, $0.high))"
        } ?? "")
        + (row.gain.map {
          ", gain \(Shown.points($0.mean, signed: true)) \(Shown.interval($0.low, $0.high))"
        } ?? "")
      content.append(
        Figure.titled(
          title,
          [Figure.label(row.rule, left - 10, y + 4, .end, most: 26)]
            + (row.price?.marks(prices, y, nil) ?? []) + (row.gain?.marks(gains, y, nil) ?? [])))
    }
    return Figure(
      name: "validators", title: "Choosing settings without target labels",
      caption: "Points of 100, means over tuned methods, pairs and repetitions, with Student's 95% "
        + "intervals over pairs.",
      width: left + 2 * panel + gap + 20, height: bottom + 10, content: content)
  }
}
