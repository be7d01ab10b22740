import Foundation
import Metrics

extension ReportPage {
  /// The domains that were asked for, before and after a method moved them.
  var domains: Section? {
    guard !figures.scatters.isEmpty else { return nil }
    return Section(
      id: "domains", title: "Domains",
      content: figures.scatters.flatMap {
        [.element("h3", [:], [.text($0.name)]), Self.figure($0.figure)]
      })
  }

  /// What each setting of an ablated method does.
  var ablation: Section? {
    figures.ablation.map { ablation in
      let table = ablation.table(withBars: false)
      let texts = Set(table.header.indices).subtracting(table.numbers)
      return Section(
        id: "ablation", title: "Ablation",
        content: [
          Self.paragraph(
            "What each setting of \(ablation.stated) does against it as stated: the same splits, shots and seed."
          )
        ] + (ablation.figure.map { [Self.figure($0.figure)] } ?? [])
          + [
            .element(
              "div", ["class": "scroll"], [Self.table(table.header, table.rows, texts: texts)])
          ])
    }
  }

  /// What choosing without target labels costs.
  var selection: Section? {
    let rules = figures.rules
    guard let prices = figures.prices, !rules.isEmpty else { return nil }
    return Section(
      id: "selection", title: "Validators",
      content: [
        Self.paragraph(
          "What choosing settings without target labels costs, against an oracle that sees them."),
        Self.figure(prices.figure),
        .element(
          "div", ["class": "scroll"],
          [
            Self.table(
              [
                "chosen by", "score", "gain", "95% interval", "below reference", "price",
                "95% interval", "rank correlation",
              ],
              rules.map { line in
                [
                  line.rule, Shown.points(line.score?.mean),
                  Shown.points(line.gain?.mean, signed: true),
                  Shown.interval(line.gain?.interval?.low, line.gain?.interval?.high),
                  line.below.map { String(format: "%.0f %%", 100 * $0) } ?? "",
                  Shown.points(line.price?.mean, signed: true),
                  Shown.interval(line.price?.interval?.low, line.price?.interval?.high),
                  line.correlation.map {
                    String(format: "%+.2f", $0).replacing("-", with: "−")
                  } ?? "",
                ]
              })
          ]),
      ])
  }
}
