public import Domains
public import Methods

/// How a cell ended: always a row, never a gap.
public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
  /// There are predictions.
  case completed
  /// The method isn't defined for this task; the reason says why.
  case skipped
  /// The method, or the worker that ran it, failed.
  case failed
  /// The cell ran longer than its limit.
  case timedOut
  /// The cell took more memory than its limit.
  case outOfMemory

  /// Whether the cell gave nothing though it should have.
  public var isFailure: Bool { self != .completed && self != .skipped }
}

/// Why a cell gave no predictions.
///
/// Facts only: their wording is the command line's.
public enum CellFailure: Error, Sendable, Hashable {
  /// The method gave no model.
  case method(MethodError)
  /// A class has fewer samples to draw shots from than were asked for.
  case tooFewShots(className: String, available: Int, asked: Int)
  /// A part of the split has no samples.
  case emptyPart(String)
  /// The protocol grants an oracle no labelled target sample that isn't tested on.
  case noOracle
  /// A predicted probability is not a number.
  case notFinite
  /// A program can't be started.
  case programNotStarted(command: String, reason: String)
  /// A program failed: its exit code or signal, and the last line of its standard error.
  case program(status: Int32, bySignal: Bool, lastLine: String)
  /// A program ended well and wrote no predictions.
  case noAnswer
  /// What a program wrote are no predictions of the test samples.
  case answer(place: String, expected: String, found: String)
  /// The folder of a program's task can't be written or read.
  case data(DomainError)

  var outcome: Outcome {
    switch self {
    case .method(.notApplicable), .noOracle: .skipped
    default: .failed
    }
  }
}
