import Domains
import Foundation
import Methods
import Metrics

/// What the figures of a report show, taken from a run's summary.
struct ReportFigures: Sendable {
  private let summary: Summary
  /// The domains that were asked for, in that order.
  let scatters: [ScatterFigure]
  /// The fewest pairs of which mean ranks are drawn.
  private static let leastPairs = 6

  init(_ summary: Summary, scatters: [DomainScatter]) {
    self.summary = summary
    self.scatters = scatters.enumerated().map { ScatterFigure(place: $0 + 1, scatter: $1) }
  }

  /// The settings of an ablation; nil where the plan asks for none.
  var ablation: AblationTable? { AblationTable(summary) }

  /// The pairs with a result, in the order of the plan.
  var pairs: [PairID] {
    let found = Set(summary.headlines.joined().map(\.pair))
    return summary.plan.pairs.compactMap { PairID($0) }.filter(found.contains)
  }

  /// The pairs' names, without the data set where there is one alone.
  private var pairNames: [String] {
    let pairs = pairs
    return Set(pairs.map(\.dataset)).count == 1
      ? pairs.map { "\($0.source)→\($0.target)" }
      : pairs.map { "\($0.dataset):\($0.source)→\($0.target)" }
  }

  /// Methods × pairs; nil where nothing has a gain.
  var heatMap: HeatMap? {
    let pairs = pairs
    let shown = summary.lines.indices.filter { place in
      summary.headlines[place].contains { $0.result.gain != nil }
    }
    guard !shown.isEmpty else { return nil }
    return HeatMap(
      methods: shown.map { ResultTable.name(summary.lines[$0].method) }, pairs: pairNames,
      entries: shown.map { place in
        pairs.map { pair in
          summary.headlines[place].first { $0.pair == pair }.flatMap(Self.entry)
        }
      })
  }

  private static func entry(_ headline: Headline) -> HeatMap.Entry? {
    headline.result.gain.map { gain in
      HeatMap.Entry(
        score: headline.result.mean, gain: gain, low: headline.result.gainLow,
        high: headline.result.gainHigh, verdict: headline.result.verdict(headline.score.direction))
    }
  }

  /// Methods by their gain, then references; nil where no cell completed.
  var scores: ScoreFigure? {
    let rows = summary.lines.compactMap { line -> ScoreFigure.Row? in
      line.score.map { score in
        ScoreFigure.Row(
          name: ResultTable.name(line.method),
          score: Span(mean: score.mean, low: score.ciLow, high: score.ciHigh),
          gain: score.gain.map { Span(mean: $0, low: score.gainLow, high: score.gainHigh) },
          verdict: line.verdict)
      }
    }
    guard !rows.isEmpty else { return nil }
    let order = rows.indices.sorted { left, right in
      let (one, other) = (rows[left].gain?.mean, rows[right].gain?.mean)
      if let one, let other { return (-one, left) < (-other, right) }
      return (one == nil ? 1 : 0, left) < (other == nil ? 1 : 0, right)
    }
    return ScoreFigure(rows: order.map { rows[$0] })
  }

  /// The attributes by which gaps are measured, those of people first.
  private var attributes: [String] {
    var found: [String] = []
    for row in summary.rows
    where row.metric == GroupMetric.accuracyGap.id && !found.contains(row.group) {
      found.append(row.group)
    }
    return found + ["class"]
  }

  /// The gap before and after, by attribute.
  var drifts: [DriftFigure] {
    attributes.enumerated().compactMap { place, group in
      let metric = group == "class" ? Metric.recallGap.id : GroupMetric.accuracyGap.id
      let found = rows(metric, group)
      let rows = summary.lines.compactMap { line -> DriftFigure.Row? in
        guard let result = PairedResult.mean(over: found[line.method]?.map(\.result) ?? []),
          let gain = result.gain
        else { return nil }
        return DriftFigure.Row(
          name: ResultTable.name(line.method), before: result.mean - gain, after: result.mean,
          low: result.gainLow, high: result.gainHigh)
      }
      guard !rows.isEmpty else { return nil }
      return DriftFigure(
        group: group, place: place + 1,
        pairs: Set(found.values.joined().compactMap(\.pair)).count, rows: rows)
    }
  }

  /// The rows of a metric that have a gain, by method.
  private func rows(_ metric: String, _ group: String) -> [PlannedMethod: [SummaryRow]] {
    Dictionary(
      grouping: summary.rows.filter {
        $0.metric == metric && $0.group == group && $0.pair != nil && $0.result.gain != nil
      }, by: \.method)
  }

  /// The accuracy of each level of an attribute, before and after, by method.
  struct Levels: Sendable {
    let attribute: String
    let levels: [String]
    let rows: [(method: String, values: [(before: Double, after: Double)?])]
  }

  /// The levels of every attribute.
  var levels: [Levels] {
    attributes.filter { $0 != "class" }.map { attribute in
      var levels: [String] = []
      var values: [PlannedMethod: [String: [PairedResult]]] = [:]
      for row in summary.rows
      where row.metric == GroupAccuracy.id && row.group.hasPrefix(attribute + "=")
        && row.pair != nil && row.result.gain != nil
      {
        if !levels.contains(row.group) { levels.append(row.group) }
        values[row.method, default: [:]][row.group, default: []].append(row.result)
      }
      return Levels(
        attribute: attribute, levels: levels,
        rows: summary.lines.compactMap { line in
          values[line.method].map { found in
            (
              ResultTable.name(line.method),
              levels.map { level in
                PairedResult.mean(over: found[level] ?? []).flatMap { result in
                  result.gain.map { (result.mean - $0, result.mean) }
                }
              }
            )
          }
        })
    }.filter { !$0.rows.isEmpty }
  }

  /// Cost against gain; nil where nothing has both.
  var cost: CostFigure? {
    let points = summary.lines.compactMap { line -> CostFigure.Point? in
      guard let gain = line.score?.gain, let seconds = line.seconds, seconds > 0 else { return nil }
      return CostFigure.Point(
        name: ResultTable.name(line.method), seconds: seconds, gain: gain, verdict: line.verdict)
    }
    return points.isEmpty ? nil : CostFigure(points: points)
  }

  /// The learning curves; nil where methods were run at one number of shots.
  var curves: CurvesFigure? {
    var methods: [PlannedMethod] = []
    for curve in summary.curves where !methods.contains(curve.method) {
      methods.append(curve.method)
    }
    let panels = methods.compactMap { method -> CurvesFigure.Panel? in
      let own = summary.curves.filter { $0.method == method }
      guard own.contains(where: { $0.reference != nil }) else { return nil }
      let points = summary.plan.shots.counts.compactMap { shots -> (Int, Double, Double?)? in
        let found = own.compactMap { $0.points.first { $0.shots == shots } }
        guard let score = Self.mean(found.map(\.result.mean)) else { return nil }
        let references = found.compactMap(\.referenceScore)
        return (shots, score, references.count == found.count ? Self.mean(references) : nil)
      }
      return points.count > 1
        ? CurvesFigure.Panel(name: ResultTable.name(method), points: points) : nil
    }
    return panels.isEmpty ? nil : CurvesFigure(panels: panels)
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The rankings that are drawn, of six pairs or more.
  var rankings: [Ranking] { summary.rankings.filter { $0.pairCount >= Self.leastPairs } }

  /// Their diagrams.
  var ranks: [RankFigure] {
    rankings.enumerated().map { place, ranking in
      RankFigure(
        place: place + 1, name: ranking.name, pairs: ranking.pairCount,
        criticalDifference: ranking.criticalDifference,
        methods: ranking.lines.map { (ResultTable.name($0.method), $0.meanRank) }
          .sorted { ($0.1, $0.0) < ($1.1, $1.0) })
    }
  }

  /// The rules by which settings were chosen; empty where none were.
  var rules: [SelectionTable.Line] {
    SelectionTable(summary).map { $0.lines(summary.tunedMethods) } ?? []
  }

  /// Their prices and gains.
  var prices: PriceFigure? {
    let rows = rules.map { line in
      PriceFigure.Row(rule: line.rule, price: Self.span(line.price), gain: Self.span(line.gain))
    }
    return rows.isEmpty ? nil : PriceFigure(rows: rows)
  }

  private static func span(_ mean: StudentMean?) -> Span? {
    mean.map { Span(mean: $0.mean, low: $0.interval?.low, high: $0.interval?.high) }
  }

  /// Every figure, in the order of the page.
  var all: [Figure] {
    [heatMap?.figure, scores?.figure].compactMap(\.self) + drifts.map(\.figure)
      + scatters.map(\.figure)
      + [ablation?.figure?.figure, prices?.figure, curves?.figure, cost?.figure].compactMap(\.self)
      + ranks.map(\.figure)
  }
}

extension Summary {
  /// The methods of which settings were chosen, each once.
  var tunedMethods: [PlannedMethod] {
    var found: [PlannedMethod] = []
    for tuning in tunings where !found.contains(tuning.method) { found.append(tuning.method) }
    return found
  }
}
