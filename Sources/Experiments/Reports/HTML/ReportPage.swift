import Domains
import Foundation
import Methods
import Metrics

/// The page of a report: HTML that is XML too, with everything it needs in it.
struct ReportPage: Sendable {
  let summary: Summary
  let figures: ReportFigures

  /// The whole page.
  ///
  /// - Throws: an `EncodingError` where JSON has no word for a number.
  func html() throws -> String {
    let sections = [
      overview, heatMap, scores, drift, domains, ablation, selection, curves, cost, ranks,
      try cells(), failures, provenance,
    ].compactMap(\.self)
    let page = Markup.element(
      "html", ["xmlns": "http://www.w3.org/1999/xhtml", "lang": "en"],
      [
        head,
        .element(
          "body", [:],
          [
            .element("a", ["class": "skip", "href": "#main"], ["To the results"]), header,
            navigation(sections), .element("main", ["id": "main"], sections.map(\.markup)),
            .element(
              "footer", [:],
              [
                "transfer-bench \(TransferBench.version). Everything here is drawn from the results' store; the CSV files beside it hold every number."
              ]),
            .code("script", ReportScript.javaScript),
          ]),
      ])
    return "<!DOCTYPE html>\n" + page.source + "\n"
  }

  /// One part of the page.
  struct Section {
    let id: String
    let title: String
    let content: [Markup]

    var markup: Markup {
      .element(
        "section", ["id": id, "aria-labelledby": "\(id)-head"],
        [.element("h2", ["id": "\(id)-head"], [.text(title)])] + content)
    }
  }

  private var title: String {
    "Transfer on \(Shown.count(figures.pairs.count, "pair")) of domains"
  }

  private var head: Markup {
    .element(
      "head", [:],
      [
        .element("meta", ["charset": "utf-8"]),
        .element(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content":
              "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:",
          ]),
        .element(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .element("link", ["rel": "icon", "href": "data:,"]),
        .element("title", [:], [.text(title + " – transfer-bench")]),
        .code("style", ReportStyle.css),
      ])
  }

  private var header: Markup {
    .element(
      "header", [:],
      [
        .element("h1", [:], [.text(title)]),
        .element(
          "button",
          ["type": "button", "id": "theme", "class": "plain", "hidden": "hidden"],
          ["Theme: system"]),
      ])
  }

  private func navigation(_ sections: [Section]) -> Markup {
    .element(
      "nav", ["aria-label": "Sections"],
      [
        .element(
          "ul", [:],
          sections.map {
            .element("li", [:], [.element("a", ["href": "#\($0.id)"], [.text($0.title)])])
          })
      ])
  }

  // MARK: - Parts

  static func paragraph(_ text: String, _ style: String? = nil) -> Markup {
    .element("p", ["class": style], [.text(text)])
  }

  /// A figure in a frame that scrolls, with its caption and the files it is in.
  static func figure(_ figure: Figure, extra: [Markup] = []) -> Markup {
    .element(
      "figure", [:],
      [
        .element(
          "div",
          [
            "class": figure.height > 900 ? "scroll tall" : "scroll", "tabindex": "0",
            "role": "region", "aria-label": figure.title, "id": figure.name,
          ], [figure.svg])
      ] + extra + [
        .element(
          "figcaption", [:],
          [.text(figure.caption)]
            + FigureFormat.allCases.flatMap { format -> [Markup] in
              let file = "\(figure.name).\(format.rawValue)"
              return [" ", .element("a", ["href": "figures/\(file)"], [.text(file)])]
            })
      ])
  }

  /// A table that is folded up.
  static func folded(_ title: String, _ table: Markup) -> Markup {
    .element(
      "details", [:],
      [
        .element("summary", [:], [.text(title)]),
        .element(
          "div", ["class": "scroll tall", "tabindex": "0", "role": "region", "aria-label": title],
          [table]),
      ])
  }

  /// A plain table; the first column names the rows, the others are numbers unless said otherwise.
  static func table(
    _ header: [String], _ rows: [[String]], texts: Set<Int> = [], caption: String? = nil
  ) -> Markup {
    .element(
      "table", [:],
      (caption.map { [.element("caption", [:], [.text($0)])] } ?? [])
        + [
          .element(
            "thead", [:],
            [
              .element(
                "tr", [:],
                header.enumerated().map { column, text in
                  .element(
                    "th",
                    ["scope": "col", "class": column == 0 || texts.contains(column) ? nil : "num"],
                    [.text(text)])
                })
            ]),
          .element(
            "tbody", [:],
            rows.map { row in
              .element(
                "tr", [:],
                row.enumerated().map { column, text in
                  column == 0
                    ? .element("th", ["scope": "row"], [.text(text)])
                    : .element(
                      "td", ["class": texts.contains(column) ? "reason" : "num"], [.text(text)])
                })
            }),
        ])
  }

  private var heatMap: Section? {
    figures.heatMap.map { map in
      Section(
        id: "gains", title: "Gains by pair",
        content: [
          Self.paragraph(
            "Point at a cell, or step into the map with the tabulator and go on with the arrow keys."
          ),
          Self.figure(
            map.figure,
            extra: [.element("output", ["id": "heat-map-value", "aria-live": "polite"])]),
          Self.folded(
            "Gains as a table",
            Self.table(
              ["method"] + map.pairs,
              map.methods.indices.map { row in
                [map.methods[row]]
                  + map.entries[row].map { entry in
                    guard let entry else { return "–" }
                    return Shown.points(entry.gain, signed: true)
                      + (entry.verdict == .negative ? " ▼" : "")
                  }
              })),
        ])
    }
  }

  private var scores: Section? {
    figures.scores.map {
      Section(id: "scores", title: "Scores", content: [Self.figure($0.figure)])
    }
  }

  private var drift: Section? {
    let drifts = figures.drifts
    guard !drifts.isEmpty else { return nil }
    var content = [
      Self.paragraph(
        "How far apart the groups lie under the reference, and under the method; the growth is the bias drift."
      )
    ]
    for drift in drifts {
      content.append(.element("h3", [:], [.text(drift.measure)]))
      content.append(Self.figure(drift.figure))
      content.append(
        Self.folded(
          "\(drift.measure) as a table",
          Self.table(
            ["method", "before", "after", "drift", "95% interval"],
            drift.rows.map {
              [
                $0.name, Shown.points($0.before), Shown.points($0.after),
                Shown.points($0.after - $0.before, signed: true), Shown.interval($0.low, $0.high),
              ]
            })))
      if let levels = figures.levels.first(where: { $0.attribute == drift.group }) {
        content.append(
          Self.folded(
            "Accuracy by \(drift.group), before → after",
            Self.table(
              ["method"] + levels.levels,
              levels.rows.map { row in
                [row.method]
                  + row.values.map { value in
                    value.map {
                      "\(Shown.points($0.before)) → \(Shown.points($0.after)) (\(Shown.points($0.after - $0.before, signed: true)))"
                    } ?? ""
                  }
              })))
      }
    }
    return Section(id: "bias", title: "Bias drift", content: content)
  }

  private var curves: Section? {
    figures.curves.map { curves in
      Section(
        id: "curves", title: "Learning curves",
        content: [
          Self.figure(curves.figure),
          Self.folded(
            "Learning curves as a table",
            Self.table(
              ["method", "shots", "score", "reference"],
              curves.panels.flatMap { panel in
                panel.points.map {
                  [
                    panel.name, String($0.shots), Shown.points($0.score),
                    Shown.points($0.reference),
                  ]
                }
              })),
        ])
    }
  }

  private var cost: Section? {
    figures.cost.map {
      Section(id: "cost", title: "Cost", content: [Self.figure($0.figure)])
    }
  }

  private var ranks: Section? {
    let diagrams = figures.ranks
    guard !diagrams.isEmpty else { return nil }
    let content = zip(diagrams, figures.rankings).flatMap { diagram, ranking -> [Markup] in
      [
        .element("h3", [:], [.text(ranking.name)]), Self.paragraph(ranking.text),
        Self.figure(diagram.figure),
        Self.folded(
          "Ranks as a table: \(ranking.name)",
          Self.table(
            ["method", "mean rank", "score", "wins", "losses", "Wilcoxon p, Holm"],
            ranking.lines.sorted { ($0.meanRank, $0.method.id) < ($1.meanRank, $1.method.id) }
              .map { line in
                [
                  ResultTable.name(line.method), String(format: "%.2f", line.meanRank),
                  Shown.points(line.score),
                  line.comparison.map { String($0.signs.positive) } ?? "",
                  line.comparison.map { String($0.signs.negative) } ?? "",
                  line.comparison.map { String(format: "%.3g", $0.adjustedPValue) } ?? "",
                ]
              })),
      ]
    }
    return Section(id: "ranks", title: "Ranks", content: content)
  }

  private func cells() throws -> Section? {
    guard !summary.pooled.confusion.isEmpty else { return nil }
    let details = CellDetails(
      summary.pooled, pairs: figures.pairs, methods: summary.lines.map(\.method))
    func choice(_ id: String, _ label: String) -> Markup {
      .element("label", [:], [.text(label), .element("select", ["id": id])])
    }
    return Section(
      id: "cells", title: "One method on one pair",
      content: [
        .element(
          "div", ["class": "tools"],
          [choice("cell-pair", "Pair"), choice("cell-method", "Method")]),
        .element(
          "p", ["id": "cell-none", "class": "soft"],
          ["Nothing completed here. Without JavaScript: confusion.csv and reliability.csv."]),
        .element(
          "div", ["id": "cell-shown", "class": "pair", "hidden": "hidden"],
          [
            .element(
              "div",
              [
                "id": "cell-confusion", "class": "scroll", "tabindex": "0", "role": "region",
                "aria-label": "Confusion matrix",
              ]),
            .element("div", ["id": "cell-reliability"]),
          ]),
        .json(id: "cell-data", try details.json()),
      ])
  }
}
