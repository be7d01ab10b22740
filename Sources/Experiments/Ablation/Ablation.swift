import Domains
import Methods
import Metrics
import Parameters
import Randomness

/// What each other setting of a method does against the stated one.
///
/// Differences are paired: both settings share split, shots and seed, and intervals come from the
/// paired bootstrap over test samples and repetitions, with the stated setting as the reference.
public struct Ablation: Sendable {
  /// One setting.
  struct Line: Sendable {
    let method: PlannedMethod
    /// The hyperparameters in which it differs from the stated setting, in declared order; empty
    /// for that setting itself.
    let changes: [Assignment]
    /// The score on each pair with its difference, where a cell completed.
    let pairs: [(pair: PairID, result: PairedResult)]
    /// The mean over pairs.
    let score: PairedResult?
    /// The mean bias gap over pairs; its gain is how much it grew.
    let bias: PairedResult?
    /// The number of cells that did not complete.
    let missing: Int
    let direction: Metric.Direction

    /// What the change did; nil for the stated setting.
    var verdict: Verdict? { changes.isEmpty ? nil : score?.verdict(direction) }

    /// The number of pairs that the change harmed.
    var harmedPairs: Int { pairs.count { $0.result.verdict(direction) == .negative } }
  }

  /// How the settings were put together.
  let kind: AblationDesign.Kind
  /// The stated setting, then the others in the plan's order.
  let lines: [Line]
  /// The id of the score.
  let metric: String

  /// The ablation that a run's plan asks for; nil where it asks for none.
  init?(_ run: Run) throws(StoreError) {
    guard let kind = run.plan.ablation else { return nil }
    var methods: [PlannedMethod] = []
    for setting in run.plan.methods {
      guard let method = try? PlannedMethod(setting), !methods.contains(method) else { continue }
      methods.append(method)
    }
    guard let stated = methods.first else { return nil }
    var results = methods.map { _ in [(PairID, PairedResult, PairedResult?)]() }
    var missing = methods.map { _ in 0 }
    var score = Metric.accuracy
    for name in run.plan.pairs {
      guard let id = PairID(name), let truth = run.truths[name] else { continue }
      let bias = BiasMeasure.headline(groups: truth.groups)
      let bootstrap = PairedBootstrap(
        resamples: run.plan.resamples,
        key: RandomKey(seed: run.plan.seed).child("bootstrap").child(name))
      let base = try run.scored(stated, pair: name, truth)
      for (place, method) in methods.enumerated() {
        let own = try run.scored(method, pair: name, truth)
        missing[place] += own.count { $0 == nil }
        score = own.compactMap(\.self).first?.score ?? score
        let result = Self.results(
          own, place == 0 ? nil : base, bootstrap, [score.statistic, bias.statistic])
        if let main = result[0] { results[place].append((id, main, result[1])) }
      }
    }
    self.kind = kind
    metric = score.id
    let direction = score.direction
    lines = methods.indices.map { place in
      Line(
        method: methods[place], changes: methods[place].changes(from: stated),
        pairs: results[place].map { ($0.0, $0.1) },
        score: PairedResult.mean(over: results[place].map(\.1)),
        bias: PairedResult.mean(over: results[place].compactMap(\.2)),
        missing: missing[place], direction: direction)
    }
  }

  /// The statistics of a setting's repetitions, paired with those of another that has the same.
  private static func results(
    _ own: [ScoredCell?], _ base: [ScoredCell?]?, _ bootstrap: PairedBootstrap,
    _ statistics: [Statistic]
  ) -> [PairedResult?] {
    let repetitions = own.indices.compactMap { place -> RepetitionPair? in
      guard let cell = own[place] else { return nil }
      guard let base else {
        return RepetitionPair(
          sampleIndices: cell.rows, method: cell.evaluation, reference: nil)
      }
      guard let other = base[place] else { return nil }
      let (left, right) = cell.paired(with: other)
      return RepetitionPair(
        sampleIndices: left.rows, method: left.evaluation, reference: right.evaluation)
    }
    guard !repetitions.isEmpty else { return statistics.map { _ in nil } }
    return bootstrap.intervals(repetitions: repetitions, statistics: statistics)
  }
}

extension Run {
  /// The tests of a method on a pair, repetition after repetition; nil where one did not complete.
  fileprivate func scored(
    _ method: PlannedMethod, pair: String, _ truth: PairTruth
  ) throws(StoreError) -> [ScoredCell?] {
    var cells: [ScoredCell?] = []
    for repetition in 0..<plan.repetitions {
      let cell = cell(method, pair: pair, repetition: repetition)
      cells.append(
        try report(of: cell)?.predictions.map {
          ScoredCell(cell: cell, predictions: $0, truth: truth)
        })
    }
    return cells
  }
}

extension PlannedMethod {
  /// The hyperparameters whose values differ from those of another setting, in declared order.
  func changes(from other: PlannedMethod) -> [Assignment] {
    let theirs = other.assignments
    return assignments.filter { !theirs.contains($0) }
  }

  /// Every hyperparameter with its value, in declared order.
  var assignments: [Assignment] {
    (try? entry.settled(ParametersJSON.decode(parameters) ?? [:]))?.assignments ?? []
  }
}
