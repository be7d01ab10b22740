import Domains
import Foundation

extension ReportPage {
  /// Every cell that gave nothing, by its reason.
  var failures: Section {
    var keys: [[String]] = []
    var places: [[String]: (cells: Int, names: [String], seen: Set<String>)] = [:]
    for (cell, report) in summary.reports {
      let outcome = report?.outcome.rawValue ?? "not run"
      guard outcome != Outcome.completed.rawValue else { continue }
      let key = [outcome, report?.reason ?? ""]
      if places[key] == nil {
        keys.append(key)
        places[key] = (0, [], [])
      }
      let name = "\(cell.method) on \(cell.pair)"
      places[key]?.cells += 1
      if places[key]?.seen.insert(name).inserted == true { places[key]?.names.append(name) }
    }
    guard !keys.isEmpty else {
      return Section(
        id: "failures", title: "Failures",
        content: [
          Self.paragraph(
            "None: all \(Shown.count(summary.reports.count, "cell")) completed.")
        ])
    }
    return Section(
      id: "failures", title: "Failures",
      content: [
        .element(
          "div",
          ["class": "scroll tall", "tabindex": "0", "role": "region", "aria-label": "Failures"],
          [
            Self.table(
              ["outcome", "reason", "cells", "where"],
              keys.map { key in
                let found = places[key]
                return [
                  key[0], key[1], String(found?.cells ?? 0),
                  (found?.names ?? []).joined(separator: ", "),
                ]
              }, texts: [1, 3])
          ])
      ])
  }

  /// What the results come from.
  var provenance: Section {
    var kernels: Set<String> = []
    var checksums: [[String]] = []
    var started: [String] = []
    var seconds = 0.0
    for (cell, report) in summary.reports {
      let row = [cell.pair, cell.checksum]
      if checksums.last != row { checksums.append(row) }
      guard let report else { continue }
      if !report.kernels.isEmpty { kernels.insert(report.kernels) }
      if !report.started.isEmpty { started.append(report.started) }
      seconds += report.fitSeconds + report.predictSeconds
    }
    let facts = [
      ["program", "transfer-bench \(TransferBench.version)"],
      ["BLAS kernels", kernels.sorted().joined(separator: ", ")],
      ["first cell", started.min() ?? ""], ["last cell", started.max() ?? ""],
      ["fits and predictions", "\(String(format: "%.1f", seconds)) s"],
    ]
    return Section(
      id: "provenance", title: "Provenance",
      content: [
        Self.table(["what", "value"], facts, texts: [1]),
        .element("h3", [:], ["Plan"]),
        .element("pre", ["tabindex": "0"], [.text(summary.plan.yaml())]),
        Self.folded("SHA-256 of the data", Self.table(["pair", "SHA-256"], checksums, texts: [1])),
      ])
  }
}
