import Domains
import Foundation
import LinearAlgebra
import Methods
import Metrics

/// Writes a run's files: exports of its store, the same bytes for the same results.
public struct Exports: Sendable {
  private let summary: Summary
  private let folder: String

  /// The exports of a summary into a folder.
  public init(_ summary: Summary, folder: String) {
    self.summary = summary
    self.folder = folder
  }

  /// Writes `results.csv`, `runs.csv`, `summary.csv`, `ranks.csv` where methods are ranked over
  /// pairs, `classes.csv`, `confusion.csv` and `reliability.csv`, `selection.csv` where settings
  /// were chosen, `ablation.csv` where they were varied, and the predictions if asked to, each file
  /// atomically.
  ///
  /// Exports of an earlier plan that this one has not are removed, and predictions of cells that it
  /// has not: by name, so that no other file is touched.
  ///
  /// - Returns: the files' names, in the order in which they are written.
  /// - Throws: a `DomainError` where a file can't be written, or a `StoreError` where the
  ///   predictions can't be read.
  @discardableResult
  public func write(predictions: Bool = false) throws -> [String] {
    if predictions { try writePredictions() }
    var names: [String] = []
    func write(_ name: String, _ bytes: [UInt8]) throws {
      try AtomicFile.write(bytes, to: "\(folder)/\(name)")
      names.append(name)
    }
    func write(_ name: String, _ columns: [String], _ rows: [[String]]) throws {
      try write(name, CSV.bytes([columns] + rows))
    }
    try write("provenance.yml", Array(provenance.utf8))
    try write("results.csv", results)
    try write("runs.csv", Self.runColumns, summary.reports.compactMap(run))
    try write("summary.csv", Self.summaryColumns, summary.rows.map(line))
    if !summary.tunings.isEmpty {
      try write("selection.csv", Self.selectionColumns, summary.tunings.flatMap(settings))
    }
    if !summary.rankings.isEmpty {
      try write("ranks.csv", Ranking.columns, summary.rankings.flatMap(\.rows))
    }
    if !summary.curves.isEmpty {
      try write("curves.csv", Self.curveColumns, summary.curves.flatMap(lines))
    }
    if let ablation = summary.ablation {
      try write("ablation.csv", Array(AblationTable(ablation).csv.utf8))
    }
    let pooled = summary.pooled
    try write("classes.csv", Self.classColumns, pooled.classes.map(line))
    try write("confusion.csv", Self.confusionColumns, pooled.confusion.map(line))
    try write("reliability.csv", Self.reliabilityColumns, pooled.reliability.map(line))
    removeStale(keeping: names)
    return names
  }

  /// The exports that not every plan has.
  static let occasional = ["selection.csv", "ranks.csv", "curves.csv", "ablation.csv"]

  private func removeStale(keeping names: [String]) {
    for name in Self.occasional where !names.contains(name) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    let base = "\(folder)/predictions"
    let found = ((try? FileManager.default.contentsOfDirectory(atPath: base)) ?? [])
      .filter(Self.isPredictions)
    guard !found.isEmpty else { return }
    let known = Set(summary.reports.map { "\(Self.fileName($0.cell)).npz" })
    for name in found where !known.contains(name) {
      try? FileManager.default.removeItem(atPath: "\(base)/\(name)")
    }
  }

  /// What the results depend on: plan, versions, data and BLAS kernels, and the runs they are from.
  private var provenance: String {
    var kernels: [String] = []
    var pairs: [String] = []
    for (cell, report) in summary.reports {
      let pair = "  \"\(cell.pair)\": \(cell.checksum)\n"
      if pairs.last != pair { pairs.append(pair) }
      guard let name = report?.kernels, !name.isEmpty, !kernels.contains(name) else { continue }
      kernels.append(name)
    }
    return """
      transfer-bench: \(TransferBench.version)
      plan: \(summary.plan.digest)
      kernels: [\(kernels.sorted().joined(separator: ", "))]
      data:
      \(pairs.joined())runs:
      \(summary.runs.map(Self.text).joined())
      """
  }

  private static func text(_ run: RunProvenance) -> String {
    func quoted(_ text: String) -> String {
      let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      return "\"\(escaped)\""
    }
    return """
        - started: \(run.started)
          plan: \(run.plan)
          transfer-bench: \(run.version)
          toolchain: \(quoted(run.toolchain))
          processor: \(quoted(run.processor))
          cores: \(run.cores)
          blas: \(quoted(run.blas))
          blas-core: \(quoted(run.kernels))

      """
  }

  /// One .npz a cell, named by what the cell is and not by its data: the same predictions are the
  /// same bytes at the same place.
  private func writePredictions() throws {
    let base = "\(folder)/predictions"
    try AtomicFile.makeFolder(base)
    for (cell, _) in summary.reports {
      guard let predictions = try summary.predictions(of: cell) else { continue }
      var arrays = [("sample", NPZArray.integers(predictions.rows.map(Int64.init)))]
      if predictions.clusters.isEmpty {
        let classes = predictions.probabilities.count / max(predictions.rows.count, 1)
        let table = Predictions(
          probabilities: Matrix(
            rows: predictions.rows.count, columns: classes, elements: predictions.probabilities))
        arrays.append(("probabilities", .matrix(table.probabilities)))
        arrays.append(("predicted", .integers(table.classes.map(Int64.init))))
      } else {
        arrays.append(("predicted", .integers(predictions.clusters.map(Int64.init))))
      }
      try NPZWriter.write(arrays, to: "\(base)/\(Self.fileName(cell)).npz")
    }
  }

  /// The pair, the method, a digest of its hyperparameters and protocol, and the repetition, with everything but
  /// letters, digits, `.` and `-` turned into `_`.
  private static func fileName(_ cell: Cell) -> String {
    let settings =
      "\(cell.parameters) \(cell.protocolName) \(cell.holdout) \(cell.shots) \(cell.seed)"
    let digest = Checksum.sha256(bytes: Array(settings.utf8)).prefix(8)
    let name = "\(cell.pair).\(cell.method).\(digest).\(cell.repetition)"
    return String(
      name.map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-".contains($0)) ? $0 : "_" })
  }

  /// Whether a file's name is one that `fileName(_:)` gives predictions.
  static func isPredictions(_ file: String) -> Bool {
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 5, parts[parts.count - 1] == "npz" else { return false }
    let (repetition, digest) = (parts[parts.count - 2], parts[parts.count - 3])
    return Int(repetition) != nil && digest.count == 8 && digest.allSatisfy(\.isHexDigit)
  }

  private static let keyColumns = [
    "cell", "dataset", "source", "target", "method", "family", "setting", "protocol", "shots",
    "repetition", "seed", "selection", "parameters",
  ]
  private static let resultColumns = keyColumns + ["metric", "group", "value"]
  private static let runColumns =
    keyColumns + [
      "status", "reason", "fit_seconds", "predict_seconds", "peak_rss_mb", "worker", "started",
    ]
  // The last column tells two settings of one method apart.
  private static let summaryColumns = [
    "dataset", "source", "target", "method", "family", "setting", "metric", "group", "n", "mean",
    "sd", "ci_low", "ci_high", "reference", "gain", "gain_ci_low", "gain_ci_high", "p_value",
    "verdict", "parameters", "shots", "selection",
  ]
  private static let selectionColumns = [
    "dataset", "source", "target", "method", "repetition", "parameters", "selection",
    "validator_score", "target_score", "chosen",
  ]

  private static let methodColumns = ["dataset", "source", "target", "method", "family", "setting"]
  private static let classColumns =
    methodColumns + [
      "class", "n", "samples", "precision", "recall", "f1", "reference", "recall_gain",
      "recall_gain_ci_low", "recall_gain_ci_high", "n_worse", "parameters", "shots", "selection",
    ]
  private static let confusionColumns =
    methodColumns + ["class", "predicted", "count", "parameters", "shots", "selection"]
  private static let reliabilityColumns =
    methodColumns + [
      "binning", "bin", "low", "high", "count", "confidence", "accuracy", "parameters", "shots",
      "selection",
    ]
  // A figure of the whole curve has no shots; its value is against the reference.
  private static let curveColumns =
    methodColumns + [
      "metric", "shots", "value", "ci_low", "ci_high", "reference", "reference_value", "parameters",
    ]

  private func keys(_ pair: PairID, _ method: PlannedMethod) -> [String] {
    let entry = method.entry
    return [
      pair.dataset, pair.source, pair.target, method.id, entry.card.family.name,
      entry.setting.rawValue,
    ]
  }

  private func line(_ row: ClassRow) -> [String] {
    let scores = [row.precision, row.recall, row.f1].map(CSV.number)
    let gain = [row.gain?.mean, row.gain?.ciLow, row.gain?.ciHigh].map(CSV.number)
    var fields = keys(row.pair, row.method)
    fields += [row.name, String(row.repetitions), String(row.samples)]
    fields += scores
    fields.append(row.reference ?? "")
    fields += gain
    fields += [
      row.worse.map { String($0) } ?? "", row.method.parameters, shots(row.method),
      row.method.selection,
    ]
    return fields
  }

  private func line(_ row: ConfusionRow) -> [String] {
    var fields = keys(row.pair, row.method)
    fields += [
      row.label, row.predicted, String(row.count), row.method.parameters, shots(row.method),
      row.method.selection,
    ]
    return fields
  }

  private func line(_ row: ReliabilityRow) -> [String] {
    let bin = row.values
    var fields = keys(row.pair, row.method)
    fields += [row.binning.rawValue, String(row.bin)]
    fields += [bin.low, bin.high, bin.count, bin.confidence, bin.accuracy].map(CSV.number)
    fields += [row.method.parameters, shots(row.method), row.method.selection]
    return fields
  }

  /// The points of a curve and the figures of the whole.
  private func lines(_ curve: MethodCurve) -> [[String]] {
    let points = curve.points.map { point -> [String] in
      let values = [point.result.mean, point.result.ciLow, point.result.ciHigh]
      var fields = keys(curve.pair, curve.method) + [curve.metric.id, String(point.shots)]
      fields += values.map(CSV.number)
      fields.append(point.referenceScore == nil ? "" : curve.reference ?? "")
      fields += [CSV.number(point.referenceScore), curve.method.parameters]
      return fields
    }
    return points
      + curve.figures.map { id, value in
        keys(curve.pair, curve.method) + [id, "", CSV.number(value), "", ""]
          + [curve.reference ?? "", "", curve.method.parameters]
      }
  }

  /// The shots that a method is granted; empty where its setting grants none.
  private func shots(_ method: PlannedMethod) -> String {
    method.entry.setting == .inductive ? String(summary.plan.shots(of: method)) : ""
  }

  private func keys(_ cell: Cell) -> [String] {
    let pair = PairID(cell.pair)
    let entry = cell.entry
    return [
      cell.id, pair?.dataset ?? "", pair?.source ?? "", pair?.target ?? "", cell.method,
      entry?.card.family.name ?? "", entry?.setting.rawValue ?? "", cell.protocolName,
      cell.shots == 0 ? "" : String(cell.shots), String(cell.repetition), String(cell.seed),
      cell.selection, cell.parameters,
    ]
  }

  /// Every setting tried under every rule: what the rule says of it, and how it does in the test.
  private func settings(_ result: TuningResult) -> [[String]] {
    let pair = PairID(result.pair)
    return result.judgements.flatMap { judgement in
      result.candidates.enumerated().map { place, candidate in
        [
          pair?.dataset ?? "", pair?.source ?? "", pair?.target ?? "", result.method.id,
          String(result.repetition), candidate.parameters, judgement.rule,
          CSV.number(judgement.scores[place]), CSV.number(result.tests[place]),
          place == judgement.choice ? "1" : "0",
        ]
      }
    }
  }

  /// `results.csv`; the columns of a cell are put together once for all its rows.
  private var results: [UInt8] {
    var bytes = CSV.bytes([Self.resultColumns])
    var prefix: [UInt8] = []
    var last: Observation?
    for row in summary.observations {
      if last.map({ !$0.isOfSameCell(as: row) }) ?? true {
        prefix = []
        CSV.append(keys(row.cell) + [""], to: &prefix)
      }
      last = row
      bytes += prefix
      CSV.append([row.metric, row.group, CSV.number(row.value)], to: &bytes)
      bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }
    return bytes
  }

  private func run(_ cell: Cell, _ report: CellReport?) -> [String]? {
    guard let report else { return nil }
    let timed = report.outcome == .completed
    return keys(cell) + [
      report.outcome.rawValue, report.reason, timed ? CSV.number(report.fitSeconds) : "",
      timed ? CSV.number(report.predictSeconds) : "",
      report.peakMemory > 0 ? String(format: "%.1f", report.peakMemory) : "",
      String(report.worker), report.started,
    ]
  }

  private func line(_ row: SummaryRow) -> [String] {
    let entry = row.method.entry
    let result = row.result
    return [
      row.pair?.dataset ?? "", row.pair?.source ?? "", row.pair?.target ?? "", row.method.id,
      entry.card.family.name, entry.setting.rawValue, row.metric, row.group, String(row.count),
      CSV.number(result.mean), CSV.number(result.sd), CSV.number(result.ciLow),
      CSV.number(result.ciHigh), row.reference ?? "", CSV.number(result.gain),
      CSV.number(result.gainLow), CSV.number(result.gainHigh), CSV.number(result.pValue),
      row.verdict?.rawValue ?? "", row.method.parameters, shots(row.method),
      row.method.selection,
    ]
  }
}
