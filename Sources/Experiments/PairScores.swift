import Dispatch
import Domains
import Methods
import Metrics
import Synchronization

/// The scored cells of one pair, and what becomes of them: observations, summary rows, headlines.
struct PairScores: Sendable {
  let id: PairID
  let truth: PairTruth
  let methods: [PlannedMethod]
  /// By method, then by repetition; nil where a cell did not complete.
  let scored: [[ScoredCell?]]
  let bootstrap: PairedBootstrap

  /// What one method did on the pair.
  struct MethodResult: Sendable {
    let index: Int
    var observations: [Observation] = []
    var rows: [SummaryRow] = []
    var pooled = PooledScores()
    var headline: Headline?
  }

  /// The results of every method, on all cores, in the methods' order.
  ///
  /// Each method's statistics are resampled once and serve as the reference of others too.
  func compute() -> [MethodResult] {
    let statistics = StatisticList(groups: truth.groups)
    let completed = scored.map { $0.compactMap(\.self) }
    var resamplings: [[[Int]]: Resampling] = [:]
    for cells in completed where !cells.isEmpty && resamplings[cells.map(\.rows)] == nil {
      resamplings[cells.map(\.rows)] = bootstrap.resampling(cells.map(\.rows))
    }
    let places = methods.indices.map(places)
    let scores = { @Sendable [resamplings] (batch: [Int]) -> [MethodScores?] in
      guard let first = batch.first, let resampling = resamplings[completed[first].map(\.rows)]
      else {
        return batch.map { _ in nil }
      }
      return MethodScores.all(
        batch.map { completed[$0] }, resampling, statistics, bootstrap,
        isSourceModel: batch.map { methods[$0].id == MethodRegistry.sourceModelID })
    }
    // Resampled values are large: kept are those that others are measured against.
    let kept = Set(places.flatMap { [$0.reference, $0.sourceOnly] }.compactMap(\.self))
    let yardsticks = batches(of: kept.sorted(), completed)
    var resampled = [MethodScores?](repeating: nil, count: methods.count)
    for (batch, values) in zip(
      yardsticks, concurrently(yardsticks.count) { scores(yardsticks[$0]) })
    {
      for (index, value) in zip(batch, values) { resampled[index] = value }
    }
    let batches = batches(of: Array(methods.indices), completed)
    return concurrently(batches.count) { [resampled] place in
      let missing = batches[place].filter { !kept.contains($0) }
      var own = scores(missing)[...]
      return batches[place].map { index in
        var result = MethodResult(index: index)
        result.observations = observations(index, places[index])
        let reference = places[index].reference
        result.pooled = PooledScores(
          pair: id, method: methods[index], cells: completed[index],
          reference: reference.map { methods[$0].id },
          references: reference.map { scored[$0] } ?? []
        )
        let values = kept.contains(index) ? resampled[index] : own.popFirst().flatMap(\.self)
        if let values { summarize(&result, values, resampled, places[index], statistics) }
        return result
      }
    }.flatMap(\.self).sorted { $0.index < $1.index }
  }

  /// The methods, a few at a time, those together whose cells are tested on the same samples.
  private func batches(of indices: [Int], _ completed: [[ScoredCell]]) -> [[Int]] {
    var batches: [[Int]] = []
    var open: [[[Int]]: Int] = [:]
    for index in indices {
      let rows = completed[index].map(\.rows)
      if let place = open[rows], batches[place].count < Self.batchCount {
        batches[place].append(index)
      } else {
        open[rows] = batches.count
        batches.append([index])
      }
    }
    return batches
  }

  /// So many methods' resampled values are held at a time.
  private static let batchCount = 6

  private func concurrently<Value: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Value
  ) -> [Value] {
    let values = Mutex([Value?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let value = body(index)
      values.withLock { $0[index] = value }
    }
    return values.withLock { $0.compactMap(\.self) }
  }

  /// The places of the methods that one is measured against; nil where they aren't in the plan.
  private struct Places: Sendable {
    var reference: Int?
    var sourceOnly: Int?
    var targetOnly: Int?
    var oracle: Int?
  }

  private func places(_ index: Int) -> Places {
    let method = methods[index]
    func place(_ id: String?) -> Int? {
      guard let id, let counterpart = try? method.counterpart(id) else { return nil }
      // A method without shots meets one with several numbers of them at the greatest.
      let place =
        methods.firstIndex(of: counterpart)
        ?? methods.lastIndex { $0.shots != nil && $0.atAnyShots == counterpart }
      return place == index ? nil : place
    }
    let reference = place(MethodRegistry.referenceID(of: method.entry.setting))
    // No label is granted to a clustering: what learns from labels is no yardstick for it.
    guard method.entry.setting != .unsupervised else { return Places(reference: reference) }
    return Places(
      reference: reference, sourceOnly: place(MethodRegistry.sourceModelID),
      targetOnly: place(MethodRegistry.referenceID(of: .inductive)),
      oracle: place(MethodRegistry.oracleID))
  }

  private func observations(_ index: Int, _ places: Places) -> [Observation] {
    func cell(_ place: Int?, _ repetition: Int) -> ScoredCell? {
      place.flatMap { scored[$0][repetition] }
    }
    return scored[index].enumerated().flatMap { repetition, own -> [Observation] in
      guard let own else { return [] }
      // The source model is its own measure of what it shows at home.
      let isSourceModel = methods[index].id == MethodRegistry.sourceModelID
      return own.observations(
        against: Counterparts(
          reference: cell(places.reference, repetition),
          sourceOnly: isSourceModel ? own : cell(places.sourceOnly, repetition),
          targetOnly: cell(places.targetOnly, repetition),
          oracle: cell(places.oracle, repetition)))
    }
  }

  private func summarize(
    _ result: inout MethodResult, _ own: MethodScores, _ resampled: [MethodScores?],
    _ places: Places, _ statistics: StatisticList
  ) {
    let method = methods[result.index]
    let reference = places.reference.flatMap { resampled[$0] }
    let referenceID = places.reference.map { methods[$0].id }
    let values = own.results(over: reference, statistics, bootstrap)
    var rows: [SummaryRow] = []
    var valuesByMetric: [MetricKey: [Double]] = [:]
    for row in result.observations {
      valuesByMetric[MetricKey(metric: row.metric, group: row.group), default: []].append(row.value)
    }
    func observed(_ metric: String, _ group: String) -> [Double] {
      valuesByMetric[MetricKey(metric: metric, group: group)] ?? []
    }
    func add(
      _ metric: String, _ group: String, _ value: PairedResult?, _ reference: String?,
      _ direction: Metric.Direction? = nil
    ) {
      guard let value else { return }
      let count = observed(metric, group).count
      rows.append(
        SummaryRow(
          pair: id, method: method, metric: metric, group: group,
          count: count > 0 ? count : own.cells.count,
          result: value, reference: value.gain == nil ? nil : reference,
          verdict: direction.flatMap(value.verdict)))
    }
    for (entry, value) in zip(statistics.entries, values) {
      add(entry.id, entry.group, value, referenceID, entry.direction)
    }
    let score = own.cells[0].score
    if let sourceOnly = places.sourceOnly.flatMap({ resampled[$0] }) {
      let gains = own.results(over: sourceOnly, statistics, bootstrap) { $0.id == score.id }
      add(
        DerivedMetric.gainOverSourceOnly, "",
        statistics.first(score.id, "", of: gains)?.gainAsScore(
          observed(DerivedMetric.gainOverSourceOnly, "")),
        MethodRegistry.sourceModelID, score.direction)
    }
    let isSourceModel = method.id == MethodRegistry.sourceModelID
    let home = isSourceModel ? own : places.sourceOnly.flatMap { resampled[$0] }
    let drifts = home.flatMap {
      own.drifts(from: $0, statistics) {
        observed(DerivedMetric.driftFromSource($0.id), $0.group)
      }
    }
    for (entry, value) in zip(statistics.entries, drifts ?? []) {
      add(DerivedMetric.driftFromSource(entry.id), entry.group, value, "source")
    }
    for (metric, group) in statistics.withoutResampling(result.observations) {
      let values = observed(metric, group)
      if !values.isEmpty { add(metric, group, PairedResult(values: values), nil) }
    }
    result.rows = rows
    let bias = BiasMeasure.headline(groups: truth.groups)
    if let main = statistics.first(score.id, "", of: values) {
      result.headline = Headline(
        pair: id, score: score, result: main,
        drift: statistics.first(bias.id, bias.group, of: values), reference: referenceID,
        gains: observed(DerivedMetric.gain, ""), scores: observed(score.id, ""))
    }
  }
}

private struct MetricKey: Hashable {
  let metric: String
  let group: String
}

/// What is computed of every method, in the order of its rows: scores of the task, measures of
/// bias, the accuracy of each level.
private struct StatisticList: Sendable {
  struct Entry: Sendable {
    let id: String
    let group: String
    let statistic: Statistic
    /// Which way is better, for a score of the task.
    let direction: Metric.Direction?
    /// Whether its difference from what the source model shows at home is a row.
    let drifts: Bool
  }

  /// What is resampled.
  let entries: [Entry]
  /// The metrics and groups of which a summary is a mean and a spread alone.
  private let others: [(metric: String, group: String)]

  init(groups: [Domain.Group]) {
    let drifting = Set(BiasMeasure.drifting(groups: groups).filter { $0.group.isEmpty }.map(\.id))
    var entries = MetricRegistry.task.filter(\.isResampled).map {
      Entry(
        id: $0.id, group: "", statistic: $0.statistic, direction: $0.direction,
        drifts: drifting.contains($0.id))
    }
    var others = MetricRegistry.task.filter { !$0.isResampled }.map { ($0.id, "") }
    for measure in BiasMeasure.all(groups: groups) {
      guard measure.isResampled else {
        others += [
          measure.id, DerivedMetric.drift(measure.id), DerivedMetric.driftFromSource(measure.id),
        ].map { ($0, measure.group) }
        continue
      }
      entries.append(
        Entry(
          id: measure.id, group: measure.group, statistic: measure.statistic, direction: nil,
          drifts: true))
    }
    for group in groups {
      for level in group.levels {
        entries.append(
          Entry(
            id: GroupAccuracy.id, group: GroupAccuracy.label(group: group.name, level: level),
            statistic: GroupAccuracy.statistic(group: group.name, level: level), direction: nil,
            drifts: false))
      }
    }
    self.entries = entries
    self.others = others + DerivedMetric.withoutInterval.map { ($0, "") }
  }

  /// The metrics and groups that no resample has, with the levels that were suppressed.
  func withoutResampling(_ observations: [Observation]) -> [(metric: String, group: String)] {
    var suppressed: [String] = []
    for row in observations
    where row.metric == DerivedMetric.suppressedLevel && !suppressed.contains(row.group) {
      suppressed.append(row.group)
    }
    return others + suppressed.map { (DerivedMetric.suppressedLevel, $0) }
  }

  func first(_ id: String, _ group: String, of values: [PairedResult?]) -> PairedResult? {
    zip(entries, values).first { $0.0.id == id && $0.0.group == group }?.1
  }
}

/// One method's cells on a pair with their statistics resampled.
private struct MethodScores: Sendable {
  let cells: [ScoredCell]
  private let resampling: Resampling
  private let scores: [ResampledScores?]
  /// The same statistics of the source model on the source; nil for any other model.
  private let atHome: [ResampledScores?]?

  /// The scores of several methods whose cells are tested on the same samples.
  static func all(
    _ methods: [[ScoredCell]], _ resampling: Resampling, _ statistics: StatisticList,
    _ bootstrap: PairedBootstrap, isSourceModel: [Bool]
  ) -> [MethodScores] {
    let list = statistics.entries.map(\.statistic)
    let scores = resampling.scores(
      ofEach: methods.map { $0.map(\.evaluation) }, statistics: list)
    return zip(zip(methods, scores), isSourceModel).map { method, isSourceModel in
      let (cells, scores) = method
      let home = isSourceModel ? cells.compactMap(\.atHome.evaluation) : []
      let atHome =
        home.count < cells.count
        ? nil
        : bootstrap.resampling(
          cells.map { $0.predictions.sourceRows.map(Int.init) }, ofReference: true
        ).scores(of: home, statistics: list)
      return MethodScores(cells: cells, resampling: resampling, scores: scores, atHome: atHome)
    }
  }

  private var repetitions: [Int] { cells.map(\.cell.repetition) }

  /// The statistics asked for and their gains over a reference; nil for the others.
  func results(
    over reference: MethodScores?, _ statistics: StatisticList, _ bootstrap: PairedBootstrap,
    of isAsked: (StatisticList.Entry) -> Bool = { _ in true }
  ) -> [PairedResult?] {
    if let reference {
      if repetitions == reference.repetitions
        && cells.map(\.rows) == reference.cells.map(\.rows)
      {
        return zip(statistics.entries, zip(scores, reference.scores)).map { entry, scores in
          guard isAsked(entry) else { return nil }
          return scores.0.map { PairedResult($0, over: scores.1, resampling) }
        }
      }
      // Some repetitions or samples are in one of them alone: what both have is resampled anew.
      let pairs = cells.compactMap { cell in
        reference.cells.first { $0.cell.repetition == cell.cell.repetition }.map {
          let (own, other) = cell.paired(with: $0)
          return RepetitionPair(
            sampleIndices: own.rows, method: own.evaluation, reference: other.evaluation)
        }
      }
      if !pairs.isEmpty {
        let asked = statistics.entries.indices.filter { isAsked(statistics.entries[$0]) }
        let results = bootstrap.intervals(
          repetitions: pairs, statistics: asked.map { statistics.entries[$0].statistic })
        return statistics.entries.indices.map { place in
          asked.firstIndex(of: place).flatMap { results[$0] }
        }
      }
    }
    return zip(statistics.entries, scores).map { entry, own in
      isAsked(entry) ? own.map { PairedResult($0, over: nil, resampling) } : nil
    }
  }

  /// The difference of what drifts from what the source model shows on the source.
  ///
  /// Nil of what doesn't drift; `observed` are the differences of the repetitions.
  func drifts(
    from home: MethodScores, _ statistics: StatisticList,
    observed: (StatisticList.Entry) -> [Double]
  ) -> [PairedResult?]? {
    guard let atHome = home.atHome, repetitions == home.repetitions else { return nil }
    return zip(statistics.entries, zip(scores, atHome)).map { entry, scores in
      guard entry.drifts, let own = scores.0, let other = scores.1 else { return nil }
      return PairedResult.gain(of: own, over: other, resampling, gains: observed(entry))
    }
  }
}
