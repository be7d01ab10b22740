import Domains
import Methods
import Metrics
import Randomness

/// One row of `summary.csv`: a metric of one method on one pair, over the repetitions.
struct SummaryRow: Sendable {
  /// The pair; nil where the row is over all pairs.
  let pair: PairID?
  /// The method.
  let method: PlannedMethod
  /// The metric's id.
  let metric: String
  /// The attribute, the attribute and its level, or `class`; empty for a score of the task.
  let group: String
  /// The number of cells behind it.
  let count: Int
  /// Mean, spread, gain and their intervals.
  let result: PairedResult
  /// The id of the method that the gain is over; nil where there is none.
  let reference: String?
  /// What transfer did, where the metric is a score of the task.
  let verdict: Verdict?
}

/// Everything that the exports and tables show of a run, computed from its store.
public struct Summary: Sendable {
  /// The plan.
  public let plan: Plan
  /// The rows of `results.csv`, in order.
  let observations: [Observation]
  /// The rows of `summary.csv`, in order.
  let rows: [SummaryRow]
  /// The rows of `classes.csv`, `confusion.csv` and `reliability.csv`, in order.
  let pooled: PooledScores
  /// The learning curves, where inductive methods were run at several numbers of shots.
  let curves: [MethodCurve]
  /// The methods as the table shows them, over all pairs.
  let lines: [TableLine]
  /// The results of each line's method, pair after pair.
  let headlines: [[Headline]]
  /// How the methods of each setting rank over the pairs.
  let rankings: [Ranking]
  /// The settings that were tried of each tuned method on each pair and repetition.
  let tunings: [TuningResult]
  /// What each setting of a method does against the stated one, where the plan asks for it.
  let ablation: Ablation?
  /// The runs that computed the cells, in the order in which they began.
  let runs: [RunProvenance]
  /// Every test and how it ended; nil where it was not run.
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

  /// The levels and cells of intersections that were suppressed in any repetition, as in `group=A`
  /// or `group&age-band=A&old`, each with the number of pairs on which it was.
  public var suppressedLevels: [(level: String, pairs: Int)] {
    var found: [(level: String, pairs: Int)] = []
    var places: [String: Int] = [:]
    var seen: Set<[String]> = []
    for row in observations where row.metric == DerivedMetric.suppressedLevel {
      guard seen.insert([row.cell.pair, row.group]).inserted else { continue }
      let place = places[row.group] ?? found.count
      if place == found.count {
        places[row.group] = place
        found.append((row.group, 0))
      }
      found[place].pairs += 1
    }
    return found
  }

  /// Reads a run's cells from its store and scores them.
  public init(_ run: Run) throws(StoreError) {
    self.run = run
    plan = run.plan
    let methods = run.methods
    var observations: [Observation] = []
    var rows: [SummaryRow] = []
    var pooled = PooledScores()
    var reports: [(cell: Cell, report: CellReport?)] = []
    var headlines = Array(repeating: [Headline](), count: methods.count)
    var ends = Array(repeating: [CellReport](), count: methods.count)
    var tunings: [TuningResult] = []
    for name in plan.pairs {
      guard let id = PairID(name), let truth = run.truths[name] else { continue }
      let results = try run.tuningResults(on: name)
      var scored: [[ScoredCell?]] = []
      for (place, method) in methods.enumerated() {
        var line: [ScoredCell?] = []
        for repetition in 0..<plan.repetitions {
          var cell = run.cell(method, pair: name, repetition: repetition)
          if let result = results.first(where: {
            $0.method == method.stated && $0.repetition == repetition
          }) {
            cell = cell.with(result.choice(method.selection))
            cell.selection = method.selection
          }
          let report = try run.report(of: cell)
          reports.append((cell, report?.withoutPredictions))
          ends[place] += [report?.withoutPredictions].compactMap(\.self)
          line.append(
            report?.predictions.map { ScoredCell(cell: cell, predictions: $0, truth: truth) })
        }
        scored.append(line)
      }
      let scores = PairScores(
        id: id, truth: truth, methods: methods, scored: scored,
        bootstrap: PairedBootstrap(
          resamples: run.plan.resamples,
          key: RandomKey(seed: run.plan.seed).child("bootstrap").child(name)))
      for methodResult in scores.compute() {
        observations += methodResult.observations
        rows += methodResult.rows
        pooled += methodResult.pooled
        if let headline = methodResult.headline { headlines[methodResult.index].append(headline) }
      }
      tunings += results
    }
    self.tunings = tunings
    ablation = try Ablation(run)
    runs = try run.provenance()
    self.observations = observations
    curves = MethodCurve.all(methods: methods, headlines: headlines)
    self.pooled = pooled
    self.headlines = headlines
    self.reports = reports
    lines = zip(zip(methods, headlines), ends).map { TableLine($0.0, $0.1, ends: $1) }
    rankings = Ranking.all(methods: methods, headlines: headlines, plan: plan)
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
  /// The score of each repetition.
  let scores: [Double]
}
