import Metrics

/// A cell that completed: its predictions beside the opened labels.
struct ScoredCell: Sendable {
  let cell: Cell
  let predictions: CellPredictions
  let evaluation: Evaluation
  let truth: PairTruth

  init(cell: Cell, predictions: CellPredictions, truth: PairTruth) {
    self.cell = cell
    self.predictions = predictions
    self.truth = truth
    evaluation = truth.evaluation(of: predictions)
  }

  /// The target rows tested on, as sample identities.
  var rows: [Int] { predictions.rows.map(Int.init) }

  /// The metric that says how good the predictions are.
  var score: Metric { evaluation.clusters == nil ? .accuracy : .clusteringAccuracy }

  /// This cell and another on the test samples that both have.
  ///
  /// Methods of one setting test on the same samples. Under the transductive protocol those of
  /// different settings differ by the shots.
  func paired(with other: ScoredCell) -> (Self, ScoredCell) {
    if predictions.rows == other.predictions.rows { return (self, other) }
    return (
      restricted(to: Set(other.predictions.rows)), other.restricted(to: Set(predictions.rows))
    )
  }

  private func restricted(to common: Set<Int32>) -> Self {
    let places = predictions.rows.indices.filter { common.contains(predictions.rows[$0]) }
    let classes = truth.classes.count
    let restricted = CellPredictions(
      rows: places.map { predictions.rows[$0] },
      probabilities: predictions.probabilities.isEmpty
        ? [] : places.flatMap { predictions.probabilities[$0 * classes..<($0 + 1) * classes] },
      clusters: predictions.clusters.isEmpty ? [] : places.map { predictions.clusters[$0] },
      sourceRows: [], sourceProbabilities: [])
    return Self(cell: cell, predictions: restricted, truth: truth)
  }
}
