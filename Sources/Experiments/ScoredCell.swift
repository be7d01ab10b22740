import Metrics

/// A cell that completed: its predictions beside the opened labels.
final class ScoredCell: Sendable {
  let cell: Cell
  let predictions: CellPredictions
  let evaluation: Evaluation
  let truth: PairTruth
  private let known = Once<[Double?]>()
  private let home = Once<Home>()

  init(cell: Cell, predictions: CellPredictions, truth: PairTruth) {
    self.cell = cell
    self.predictions = predictions
    self.truth = truth
    evaluation = truth.evaluation(of: predictions)
  }

  /// The target rows tested on, as sample identities.
  var rows: [Int] { predictions.rows.map(Int.init) }

  /// `BiasMeasure.drifting`, measured once however many cells are compared with this one.
  var drifting: [Double?] {
    known.value { BiasMeasure.values(BiasMeasure.drifting(groups: truth.groups), evaluation) }
  }

  /// The model back on the held-out source, and what drifts there.
  struct Home: Sendable {
    /// Nil where nothing is held out.
    let evaluation: Evaluation?
    let drifting: [Double?]
  }

  /// The model back on the held-out source, evaluated once.
  var atHome: Home {
    home.value {
      guard let evaluation = truth.sourceEvaluation(of: predictions) else {
        return Home(evaluation: nil, drifting: [])
      }
      let measures = BiasMeasure.drifting(groups: truth.groups)
      return Home(evaluation: evaluation, drifting: BiasMeasure.values(measures, evaluation))
    }
  }

  /// The metric that says how good the predictions are.
  var score: Metric { evaluation.clusters == nil ? .accuracy : .clusteringAccuracy }

  /// This cell and another on the test samples that both have.
  ///
  /// Methods of one setting test on the same samples. Under the transductive protocol those of
  /// different settings differ by the shots.
  func paired(with other: ScoredCell) -> (ScoredCell, ScoredCell) {
    if predictions.rows == other.predictions.rows { return (self, other) }
    return (
      restricted(to: Set(other.predictions.rows)), other.restricted(to: Set(predictions.rows))
    )
  }

  private func restricted(to common: Set<Int32>) -> ScoredCell {
    let places = predictions.rows.indices.filter { common.contains(predictions.rows[$0]) }
    let classes = truth.classes.count
    let restricted = CellPredictions(
      rows: places.map { predictions.rows[$0] },
      probabilities: predictions.probabilities.isEmpty
        ? [] : places.flatMap { predictions.probabilities[$0 * classes..<($0 + 1) * classes] },
      clusters: predictions.clusters.isEmpty ? [] : places.map { predictions.clusters[$0] },
      sourceRows: [], sourceProbabilities: [])
    return ScoredCell(cell: cell, predictions: restricted, truth: truth)
  }
}
