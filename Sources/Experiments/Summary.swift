public import Domains
import Foundation
import Methods
public import Metrics
import Randomness
import Synchronization

/// One row of `summary.csv`: a metric of one method on one pair, over the repetitions.
public struct SummaryRow: Sendable {
  /// The pair; nil where the row is over all pairs.
  public let pair: PairID?
  /// The method.
  public let method: PlannedMethod
  /// The metric's id.
  public let metric: String
  /// The attribute, the attribute and its level, or `class`; empty for a score of the task.
  public let group: String
  /// The number of cells behind it.
  public let count: Int
  /// Mean, spread, gain and their intervals.
  public let result: PairedResult
  /// The id of the method that the gain is over; nil where there is none.
  public let reference: String?
  /// What transfer did, where the metric is a score of the task.
  public let verdict: Verdict?
}

/// Everything that the exports and tables show of a run, computed from its store.
public struct Summary: Sendable {
  /// The plan.
  public let plan: Plan
  /// The rows of `results.csv`, in order.
  public let observations: [Observation]
  /// The rows of `summary.csv`, in order.
  public let rows: [SummaryRow]
  /// The methods as the table shows them, over all pairs.
  public let lines: [TableLine]
  /// Every cell and how it ended; nil where it was not run.
  public let reports: [(cell: Cell, report: CellReport?)]

  private let run: Run

  /// What a completed cell predicted.
  func predictions(of cell: Cell) throws(StoreError) -> CellPredictions? {
    try run.report(of: cell)?.predictions
  }

  /// The cells that gave nothing though they should have.
  public var failures: [(cell: Cell, report: CellReport)] {
    reports.compactMap { entry in
      entry.report.flatMap { $0.outcome.isFailure ? (entry.cell, $0) : nil }
    }
  }

  /// Reads a run's cells from its store and scores them.
  public init(_ run: Run) throws(StoreError) {
    self.run = run
    plan = run.plan
    let methods = run.methods
    let repetitions = run.plan.repetitions
    var observations: [Observation] = []
    var rows: [SummaryRow] = []
    var reports: [(cell: Cell, report: CellReport?)] = []
    var headlines = Array(repeating: [Headline](), count: methods.count)
    let cellsPerPair = methods.count * repetitions
    for (index, name) in run.plan.pairs.enumerated() {
      let cells = Array(run.cells[index * cellsPerPair..<(index + 1) * cellsPerPair])
      guard let id = PairID(name), let first = cells.first,
        let truth = try run.truth(checksum: first.checksum)
      else { continue }
      var scored: [[ScoredCell?]] = []
      for block in 0..<methods.count {
        var line: [ScoredCell?] = []
        for cell in cells[block * repetitions..<(block + 1) * repetitions] {
          let report = try run.report(of: cell)
          reports.append((cell, report?.withoutPredictions))
          line.append(
            report?.predictions.map { ScoredCell(cell: cell, predictions: $0, truth: truth) })
        }
        scored.append(line)
      }
      let results = PairScores(
        id: id, truth: truth, methods: methods, scored: scored,
        bootstrap: PairedBootstrap(
          resamples: run.plan.resamples,
          key: RandomKey(seed: run.plan.seed).child("bootstrap").child(name)))
      for methodResult in results.compute() {
        observations += methodResult.observations
        rows += methodResult.rows
        if let headline = methodResult.headline { headlines[methodResult.index].append(headline) }
      }
    }
    self.observations = observations
    self.reports = reports
    lines = TableLine.lines(methods: methods, headlines: headlines, reports: reports)
    self.rows = rows + zip(methods, headlines).flatMap { Self.overall($0, $1) }
  }

  /// The rows of one method over all pairs.
  private static func overall(_ method: PlannedMethod, _ headlines: [Headline]) -> [SummaryRow] {
    let gains = headlines.flatMap(\.gains)
    guard let direction = headlines.first?.score.direction, !gains.isEmpty else { return [] }
    let values = [
      (
        DerivedMetric.negativeTransferRate,
        NegativeTransfer.rate(gains: gains, direction: direction)
      ),
      (
        DerivedMetric.negativeTransferDepth,
        NegativeTransfer.depth(gains: gains, direction: direction)
      ),
    ]
    return values.compactMap { metric, value in
      value.map {
        SummaryRow(
          pair: nil, method: method, metric: metric, group: "", count: gains.count,
          result: PairedResult(values: [$0]), reference: headlines.first?.reference, verdict: nil)
      }
    }
  }
}

/// What the table shows of one method on one pair.
struct Headline: Sendable {
  let pair: PairID
  let score: Metric
  let result: PairedResult
  let drift: PairedResult?
  let reference: String?
  /// The gain of each repetition.
  let gains: [Double]
}

/// The scored cells of one pair.
private struct PairScores: Sendable {
  let id: PairID
  let truth: PairTruth
  let methods: [PlannedMethod]
  /// By method, then by repetition; nil where a cell did not complete.
  let scored: [[ScoredCell?]]
  let bootstrap: PairedBootstrap

  struct MethodResult: Sendable {
    let index: Int
    var observations: [Observation] = []
    var rows: [SummaryRow] = []
    var headline: Headline?
  }

  /// The results of every method, on all cores, in the methods' order.
  func compute() -> [MethodResult] {
    let results = Mutex([MethodResult?](repeating: nil, count: methods.count))
    DispatchQueue.concurrentPerform(iterations: methods.count) { index in
      let result = compute(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }

  private func place(_ method: PlannedMethod??) -> Int? {
    method.flatMap(\.self).flatMap { methods.firstIndex(of: $0) }
  }

  private func compute(_ index: Int) -> MethodResult {
    let method = methods[index]
    var result = MethodResult(index: index)
    let own = try? method.reference()
    let sourceOnly = place(try? method.counterpart(MethodRegistry.sourceModelID))
    let isClustering = method.entry.setting == .unsupervised
    let reference = place(own)
    let oracle = isClustering ? nil : place(try? method.counterpart(MethodRegistry.oracleID))
    let targetOnly = isClustering ? nil : place(try? method.counterpart("target-only"))
    func cell(_ place: Int?, _ repetition: Int) -> ScoredCell? {
      place.flatMap { scored[$0][repetition] }
    }

    var pairs: [RepetitionPair] = []
    var overSource: [RepetitionPair] = []
    var fromSource: [RepetitionPair] = []
    for (repetition, cellScored) in scored[index].enumerated() {
      guard let completed = cellScored else { continue }
      let counterparts = Counterparts(
        reference: cell(reference, repetition),
        sourceOnly: isClustering || sourceOnly == index ? nil : cell(sourceOnly, repetition),
        targetOnly: targetOnly == index ? nil : cell(targetOnly, repetition),
        oracle: cell(oracle, repetition))
      result.observations += completed.observations(against: counterparts)
      pairs.append(RepetitionPair(completed, against: counterparts.reference))
      if let other = counterparts.sourceOnly {
        overSource.append(RepetitionPair(completed, against: other))
      }
      if !isClustering, let home = cell(sourceOnly, repetition),
        let atHome = home.truth.sourceEvaluation(of: home.predictions)
      {
        fromSource.append(
          RepetitionPair(
            sampleIndices: completed.rows, method: completed.evaluation,
            referenceSampleIndices: home.predictions.sourceRows.map(Int.init), reference: atHome))
      }
    }
    guard let first = scored[index].compactMap(\.self).first else { return result }
    let score = first.score
    let measures = BiasMeasure.all(groups: truth.groups)
    let referenceID = reference.map { methods[$0].id }
    func row(
      _ metric: String, _ group: String, _ value: PairedResult?, reference: String?,
      direction: Metric.Direction?
    ) -> SummaryRow? {
      value.map {
        SummaryRow(
          pair: id, method: method, metric: metric, group: group, count: pairs.count,
          result: $0.withoutResamples,
          reference: $0.gain == nil ? nil : reference,
          verdict: direction.flatMap($0.verdict))
      }
    }

    let levels = truth.groups.flatMap { group in
      group.levels.map { level in
        (
          label: GroupAccuracy.label(group: group.name, level: level),
          statistic: GroupAccuracy.statistic(group: group.name, level: level)
        )
      }
    }
    let statistics =
      MetricRegistry.task.map(\.statistic) + measures.map(\.statistic) + levels.map(\.statistic)
    let values = bootstrap.intervals(repetitions: pairs, statistics: statistics)
    for (metric, value) in zip(MetricRegistry.task, values) {
      if let row = row(metric.id, "", value, reference: referenceID, direction: metric.direction) {
        result.rows.append(row)
      }
    }
    let biases = values.dropFirst(MetricRegistry.task.count)
    for (measure, value) in zip(measures, biases) {
      if let row = row(measure.id, measure.group, value, reference: referenceID, direction: nil) {
        result.rows.append(row)
      }
    }
    for (level, value) in zip(levels, biases.dropFirst(measures.count)) {
      if let row = row(GroupAccuracy.id, level.label, value, reference: referenceID, direction: nil)
      {
        result.rows.append(row)
      }
    }
    if !overSource.isEmpty {
      let value = bootstrap.interval(repetitions: overSource, metric: score)
      if let row = row(
        DerivedMetric.gainOverSourceOnly, "", value, reference: MethodRegistry.sourceModelID,
        direction: score.direction)
      {
        result.rows.append(row)
      }
    }
    if !fromSource.isEmpty {
      let drifts = bootstrap.intervals(
        repetitions: fromSource, statistics: measures.map(\.statistic))
      for (measure, value) in zip(measures, drifts) {
        if let row = row(
          DerivedMetric.driftFromSource(measure.id), measure.group, value, reference: "source",
          direction: nil)
        {
          result.rows.append(row)
        }
      }
    }
    result.rows += derived(result.observations, method)

    let headline = BiasMeasure.headline(groups: truth.groups)
    let bias = zip(measures, biases).first {
      $0.0.id == headline.id && $0.0.group == headline.group
    }?.1
    let scoreRow = zip(MetricRegistry.task, values).first { $0.0.id == score.id }?.1
    if let main = scoreRow {
      result.headline = Headline(
        pair: id, score: score, result: main, drift: bias, reference: referenceID,
        gains: result.observations.filter { $0.metric == DerivedMetric.gain }.map(\.value))
    }
    return result
  }

  /// Mean and spread of the metrics that compare cells and have no interval of their own.
  private func derived(_ observations: [Observation], _ method: PlannedMethod) -> [SummaryRow] {
    [
      DerivedMetric.normalizedGain, DerivedMetric.negativeTransferGap, DerivedMetric.negativeFlips,
      DerivedMetric.positiveFlips, DerivedMetric.classesMadeWorse,
    ].compactMap { metric in
      let values = observations.filter { $0.metric == metric }.map(\.value)
      guard !values.isEmpty else { return nil }
      return SummaryRow(
        pair: id, method: method, metric: metric, group: "", count: values.count,
        result: PairedResult(values: values), reference: nil, verdict: nil)
    }
  }
}

extension RepetitionPair {
  fileprivate init(_ cell: ScoredCell, against other: ScoredCell?) {
    guard let other else {
      self.init(sampleIndices: cell.rows, method: cell.evaluation, reference: nil)
      return
    }
    let (own, paired) = cell.paired(with: other)
    self.init(sampleIndices: own.rows, method: own.evaluation, reference: paired.evaluation)
  }
}
