import Domains
import Methods
import Metrics

/// One row of `results.csv`: a metric of one cell.
struct Observation: Sendable, Hashable {
  /// The cell.
  let cell: Cell
  /// The metric's id.
  let metric: String
  /// The attribute, the attribute and its level, or `class`; empty for a score of the task.
  let group: String
  /// The value.
  let value: Double
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
    addOwn(to: &rows, BiasMeasure.all(groups: truth.groups))
    let measures = BiasMeasure.drifting(groups: truth.groups)
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
    for metric in MetricRegistry.task { rows.add(metric.id, metric.value(evaluation)) }
    for measure in measures { rows.add(measure.id, measure.value(evaluation), measure.group) }
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
    for measure in measures {
      rows.add(
        DerivedMetric.drift(measure.id),
        measure.difference(own.evaluation, other.evaluation), measure.group)
    }
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
    guard let atHome = sourceOnly.truth.sourceEvaluation(of: sourceOnly.predictions) else { return }
    if cell != sourceOnly.cell, let back = truth.sourceEvaluation(of: predictions),
      predictions.sourceRows == sourceOnly.predictions.sourceRows,
      let own = score.value(back), let other = score.value(atHome)
    {
      rows.add(DerivedMetric.forgetting, TransferGain.gain(score: own, reference: other))
    }
    for measure in measures {
      rows.add(
        DerivedMetric.driftFromSource(measure.id), measure.difference(evaluation, atHome),
        measure.group)
    }
  }
}

/// The rows of one cell as they are gathered.
private struct ObservationList {
  let cell: Cell
  private(set) var observations: [Observation] = []

  init(cell: Cell) {
    self.cell = cell
  }

  mutating func add(_ metric: String, _ value: Double?, _ group: String = "") {
    guard let value else { return }
    observations.append(Observation(cell: cell, metric: metric, group: group, value: value))
  }
}
