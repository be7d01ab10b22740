import Domains
import Methods
import Metrics

/// One row of `results.csv`: a metric of one cell.
struct Observation: Sendable {
  /// The metric's id.
  let metric: String
  /// The attribute, the attribute and its level, or `class`; empty for a score of the task.
  let group: String
  /// The value.
  let value: Double
  private let owner: Owner

  /// A cell that its many rows share.
  final class Owner: Sendable {
    let cell: Cell

    init(_ cell: Cell) {
      self.cell = cell
    }
  }

  init(of owner: Owner, metric: String, group: String, value: Double) {
    self.owner = owner
    self.metric = metric
    self.group = group
    self.value = value
  }

  /// The cell.
  var cell: Cell { owner.cell }

  /// Whether the two were gathered together.
  func isOfSameCell(as other: Observation) -> Bool { owner === other.owner }
}

/// What a cell is measured against, of the same repetition; nil where it isn't there.
struct Counterparts: Sendable {
  var reference: ScoredCell?
  var sourceOnly: ScoredCell?
  var targetOnly: ScoredCell?
  var oracle: ScoredCell?
}

extension ScoredCell {
  /// Every metric of this cell, in a fixed order; those that don't apply are left out.
  func observations(against counterparts: Counterparts) -> [Observation] {
    var rows = ObservationList(cell: cell)
    let measures = BiasMeasure.drifting(groups: truth.groups)
    addOwn(to: &rows, measures)
    if let reference = counterparts.reference {
      addPaired(to: &rows, measures, reference: reference, oracle: counterparts.oracle)
    }
    if let sourceOnly = counterparts.sourceOnly { addFromSource(to: &rows, measures, sourceOnly) }
    if let targetOnly = counterparts.targetOnly {
      let (own, other) = paired(with: targetOnly)
      rows.add(
        DerivedMetric.negativeTransferGap,
        NegativeTransfer.gap(
          withSource: own.evaluation, targetOnly: other.evaluation,
          weights: own.evaluation.unitWeights))
    }
    return rows.observations
  }

  /// What needs no other cell: scores, bias and the accuracy of each level.
  private func addOwn(to rows: inout ObservationList, _ measures: [BiasMeasure]) {
    let weights = SampleWeights(evaluation.unitWeights)
    for metric in MetricRegistry.task {
      rows.add(metric.id, metric.statistic.value(evaluation, sharing: weights))
    }
    // Not the calibration error, a score of the task.
    for (measure, value) in zip(measures, drifting).dropFirst() {
      rows.add(measure.id, value, measure.group)
    }
    for group in evaluation.groups {
      let levels = GroupAccuracy.rows(evaluation, group: group, weights: evaluation.unitWeights)
      for level in levels { rows.add(GroupAccuracy.id, level.value, level.label) }
    }
    for level in evaluation.suppressedLevels {
      rows.add(DerivedMetric.suppressedLevel, Double(level.count), level.label)
    }
  }

  /// Gain, flips, harmed classes and bias drift against the setting's reference.
  private func addPaired(
    to rows: inout ObservationList, _ measures: [BiasMeasure], reference: ScoredCell,
    oracle: ScoredCell?
  ) {
    let (own, other) = paired(with: reference)
    let weights = own.evaluation.unitWeights
    if let method = score.value(own.evaluation), let base = score.value(other.evaluation) {
      rows.add(DerivedMetric.gain, TransferGain.gain(score: method, reference: base))
      if let best = oracle.flatMap({ score.value($0.evaluation) }) {
        rows.add(
          DerivedMetric.normalizedGain,
          TransferGain.normalizedGain(
            score: method, reference: base, oracle: best, direction: score.direction))
      }
    }
    let flips = NegativeTransfer.flips(
      method: own.evaluation, reference: other.evaluation, weights: weights)
    rows.add(DerivedMetric.negativeFlips, flips?.negativeRate)
    rows.add(DerivedMetric.positiveFlips, flips?.positiveRate)
    rows.add(
      DerivedMetric.flipTest, FlipTest(method: own.evaluation, reference: other.evaluation).pValue)
    rows.add(
      DerivedMetric.classesMadeWorse,
      NegativeTransfer.shareOfClassesMadeWorse(
        method: own.evaluation, reference: other.evaluation, weights: weights))
    rows.add(measures, own.drifting, minus: other.drifting, DerivedMetric.drift)
  }

  /// Gain over the source model, and bias drift from what that model showed at home.
  private func addFromSource(
    to rows: inout ObservationList, _ measures: [BiasMeasure], _ sourceOnly: ScoredCell
  ) {
    let (own, other) = paired(with: sourceOnly)
    if cell != sourceOnly.cell, let method = score.value(own.evaluation),
      let base = score.value(other.evaluation)
    {
      rows.add(DerivedMetric.gainOverSourceOnly, method - base)
    }
    guard let home = sourceOnly.atHome.evaluation else { return }
    if cell != sourceOnly.cell, let back = atHome.evaluation,
      predictions.sourceRows == sourceOnly.predictions.sourceRows,
      let own = score.value(back), let other = score.value(home)
    {
      rows.add(DerivedMetric.forgetting, TransferGain.gain(score: own, reference: other))
    }
    rows.add(measures, drifting, minus: sourceOnly.atHome.drifting, DerivedMetric.driftFromSource)
  }
}

/// The rows of one cell as they are gathered.
private struct ObservationList {
  private let owner: Observation.Owner
  private(set) var observations: [Observation] = []

  init(cell: Cell) {
    owner = Observation.Owner(cell)
  }

  mutating func add(_ metric: String, _ value: Double?, _ group: String = "") {
    guard let value else { return }
    observations.append(Observation(of: owner, metric: metric, group: group, value: value))
  }

  /// What each measure differs by, where both have a value.
  mutating func add(
    _ measures: [BiasMeasure], _ values: [Double?], minus bases: [Double?],
    _ metric: (String) -> String
  ) {
    for (measure, (value, base)) in zip(measures, zip(values, bases)) {
      guard let value, let base else { continue }
      add(metric(measure.id), value - base, measure.group)
    }
  }
}
