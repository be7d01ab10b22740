/// How one cell ended: what a worker answers.
public struct CellReport: Sendable, Codable {
  /// The cell's id.
  public let cell: String
  /// How it ended.
  public let outcome: Outcome
  /// Why it gave no predictions; empty where it did.
  public let reason: String
  /// What it predicted.
  public private(set) var predictions: CellPredictions?
  /// What is known of the setting, of a fold of the inner split.
  public private(set) var judgement: FoldJudgement?
  /// Wall time of the fit, in seconds.
  public let fitSeconds: Double
  /// Wall time of the prediction, in seconds.
  public let predictSeconds: Double
  /// The most memory that the worker held while it ran the cell, in MiB.
  public let peakMemory: Double
  /// The number of the worker that ran it.
  public var worker: Int
  /// When it was started, ISO 8601.
  public var started: String
  /// The BLAS kernels that computed it; empty where no worker answered.
  public let kernels: String

  init(
    cell: String, outcome: Outcome, reason: String = "", predictions: CellPredictions? = nil,
    judgement: FoldJudgement? = nil, fitSeconds: Double = 0, predictSeconds: Double = 0,
    peakMemory: Double = 0, worker: Int = 0,
    started: String = "", kernels: String = ""
  ) {
    self.cell = cell
    self.outcome = outcome
    self.reason = reason
    self.predictions = predictions
    self.judgement = judgement
    self.fitSeconds = fitSeconds
    self.predictSeconds = predictSeconds
    self.peakMemory = peakMemory
    self.worker = worker
    self.started = started
    self.kernels = kernels
  }
}

extension CellReport {
  /// The report without its arrays.
  var withoutPredictions: CellReport {
    var report = self
    report.predictions = nil
    report.judgement = nil
    return report
  }
}
