import Foundation
import Methods
import Metrics

extension ReportPage {
  /// The counts, and the table of all methods with its filters.
  var overview: Section {
    Section(
      id: "summary", title: "Summary", content: [facts, tiles, extremes, tools, summaryTable])
  }

  private var facts: Markup {
    let plan = summary.plan
    let protocolText =
      plan.protocolName == "holdout" ? "holdout \(plan.holdout)" : plan.protocolName
    return Self.paragraph(
      "Means over \(Shown.count(figures.pairs.count, "pair")) and "
        + "\(Shown.count(plan.repetitions, "repetition")), \(protocolText), \(plan.shots) shots, "
        + "seed \(plan.seed). Points of 100. The gain is over the setting's own no-transfer "
        + "reference; a method is harmed on a pair whose interval lies below 0; the bias drift is "
        + "the growth of the accuracy gap between groups, or between classes where a data set has "
        + "no groups.")
  }

  private var tiles: Markup {
    func count(_ verdict: Verdict) -> Int { summary.lines.count { $0.verdict == verdict } }
    let judged = summary.lines.filter { $0.verdict != nil }
    let cells = judged.reduce(0) { $0 + $1.pairs }
    let harmed = judged.reduce(0) { $0 + $1.harmedPairs }
    let tiles = [
      (String(count(.positive)), "gained"), (String(count(.neutral)), "can't be told"),
      (String(count(.negative)), "lost"),
      ("\(harmed) of \(cells)", "methods × pairs harmed"),
      ("\(summary.failures.count) of \(summary.reports.count)", "cells failed"),
    ]
    return .element(
      "ul", ["class": "tiles"],
      tiles.map { number, text in
        .element(
          "li", [:],
          [.element("b", [:], [.text(number)]), .element("span", [:], [.text(text)])])
      })
  }

  /// Which gained and which lost most.
  private var extremes: Markup {
    let gains = summary.lines.compactMap { line in
      line.score?.gain.map { (name: ResultTable.name(line.method), gain: $0) }
    }
    guard let best = gains.max(by: { ($0.gain, $1.name) < ($1.gain, $0.name) }),
      let worst = gains.min(by: { ($0.gain, $0.name) < ($1.gain, $1.name) }), gains.count > 1
    else { return .none }
    return Self.paragraph(
      "The greatest gain is that of \(best.name), \(Shown.points(best.gain, signed: true)); the "
        + "least that of \(worst.name), \(Shown.points(worst.gain, signed: true)).")
  }

  private var tools: Markup {
    var families: [String] = []
    for line in summary.lines where !families.contains(line.method.entry.card.family.name) {
      families.append(line.method.entry.card.family.name)
    }
    func choice(_ id: String, _ label: String, _ values: [String]) -> Markup {
      .element(
        "label", [:],
        [
          .text(label),
          .element(
            "select", ["id": id],
            [.element("option", ["value": ""], ["all"])]
              + values.map { .element("option", ["value": $0], [.text($0)]) }),
        ])
    }
    return .element(
      "div", ["class": "tools"],
      [
        .element(
          "label", [:], ["Method", .element("input", ["id": "filter-text", "type": "search"])]),
        choice("filter-family", "Family", families),
        choice(
          "filter-verdict", "Verdict", Verdict.allCases.map(\.rawValue) + ["reference", "none"]),
        .element("span", ["id": "filter-count", "class": "soft", "aria-live": "polite"]),
      ])
  }

  private static let columns: [(title: String, isNumber: Bool)] = [
    ("method", false), ("family", false), ("setting", false), ("score", true),
    ("95% interval", true), ("gain", true), ("95% interval", true), ("verdict", false),
    ("harmed", true), ("bias drift", true), ("95% interval", true), ("time", true),
    ("failed", true),
  ]

  private var summaryTable: Markup {
    .element(
      "div",
      [
        "class": "scroll tall", "tabindex": "0", "role": "region", "aria-label": "Result table",
      ],
      [
        .element(
          "table", ["class": "sortable", "id": "summary-table"],
          [
            .element(
              "thead", [:],
              [
                .element(
                  "tr", [:],
                  Self.columns.dropLast(summary.failures.isEmpty ? 1 : 0).map { column in
                    .element(
                      "th",
                      [
                        "scope": "col", "class": column.isNumber ? "num" : nil,
                        "aria-sort": "none",
                        "data-first": column.isNumber ? nil : "ascending",
                      ],
                      [.element("button", ["type": "button"], [.text(column.title)])])
                  })
              ]),
            .element("tbody", [:], summary.lines.map(row)),
          ])
      ])
  }

  private func row(_ line: TableLine) -> Markup {
    let name = ResultTable.name(line.method)
    let verdict = line.verdict?.rawValue ?? (line.score == nil ? "none" : "reference")
    let entry = line.method.entry
    func number(_ text: String, _ value: Double?) -> Markup {
      .element("td", ["class": "num", "data-value": value.map { CSV.number($0) }], [.text(text)])
    }
    func text(_ value: String) -> Markup {
      .element("td", ["data-value": value], [.text(value)])
    }
    let (score, bias) = (line.score, line.bias)
    return .element(
      "tr",
      [
        "class": verdict == "reference" ? "reference" : nil,
        "data-family": entry.card.family.name, "data-verdict": verdict,
      ],
      [
        .element("th", ["scope": "row", "data-value": name], [.text(name)]),
        text(entry.card.family.name), text(entry.setting.rawValue),
        number(Shown.points(score?.mean), score?.mean),
        number(Shown.interval(score?.ciLow, score?.ciHigh, signed: false), score?.ciLow),
        number(Shown.points(score?.gain, signed: true), score?.gain),
        number(Shown.interval(score?.gainLow, score?.gainHigh), score?.gainLow),
        .element("td", ["data-value": verdict], [Self.verdict(line.verdict, verdict)]),
        number(
          line.verdict == nil ? "" : "\(line.harmedPairs)/\(line.pairs)",
          line.verdict == nil || line.pairs == 0
            ? nil : Double(line.harmedPairs) / Double(line.pairs)),
        number(Shown.points(bias?.gain, signed: true), bias?.gain),
        number(Shown.interval(bias?.gainLow, bias?.gainHigh), bias?.gainLow),
        number(Shown.time(line.seconds), line.seconds),
      ] + (summary.failures.isEmpty ? [] : [number(String(line.failures), Double(line.failures))]))
  }

  /// The verdict as a word with a sign and a colour.
  private static func verdict(_ verdict: Verdict?, _ word: String) -> Markup {
    let (style, sign) =
      switch verdict {
      case .positive: ("v pos", "▲ ")
      case .neutral: ("v neu", "○ ")
      case .negative: ("v neg", "▼ ")
      case nil: ("soft", "")
      }
    return .element("span", ["class": style], [.text(sign + word)])
  }
}
