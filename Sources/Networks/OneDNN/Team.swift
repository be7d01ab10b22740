import CDNNL
import CKernels

/// `ck_team_run`, declared here for the closure: a C declaration would take one that escapes, whose
/// context is a block of memory for each call.
@_silgen_name("ck_team_run")
private func runHalves(_ team: OpaquePointer, _ half: (Int) -> Void)

/// Keeps oneDNN from starting threads of its own, on this thread: where its operations are described,
/// since they are planned for as many as there are then, and where they run.
func useOneThread() { omp_set_num_threads(1) }

/// Runs both halves of an operation, on one processor or on two.
///
/// Every operation is cut into the same two halves however many processors there are, so that
/// results don't depend on their number by a bit.
public final class Team {
  /// The processors: 1 or 2.
  public let threads: Int
  private let handle: OpaquePointer

  /// A team of one or two threads; of one where the system has no second to give.
  public init(threads: Int = 1) {
    if threads > 1, let handle = ck_team_make(2, useOneThread) {
      self.threads = 2
      self.handle = handle
    } else if let handle = ck_team_make(1, nil) {
      self.threads = 1
      self.handle = handle
    } else {
      fatalError("There is no memory for a team.")
    }
  }

  deinit { ck_team_free(handle) }

  /// Runs the body with numbers too small for full precision taken as 0, as the second thread
  /// always takes them.
  func flushing<Result>(_ body: () -> Result) -> Result {
    useOneThread()
    let setting = ck_flush_small()
    defer { ck_restore_small(setting) }
    return body()
  }

  /// Calls the body with 0 and with 1, and returns when both calls have.
  func halves(_ body: (Int) -> Void) { runHalves(handle, body) }

  /// Calls the body with the first half of the range and with the second; with all of it where it
  /// holds less work than handing over a half costs.
  ///
  /// `width` is the work of each step, in numbers that are read or written.
  func split(_ count: Int, width: Int = 1, _ body: (Range<Int>) -> Void) {
    guard count > 1, count * width >= 8192 else { return body(0..<count) }
    halves { half in body(Self.half(half, of: count)) }
  }

  /// The rows of a half.
  static func half(_ half: Int, of count: Int) -> Range<Int> {
    let middle = (count + 1) / 2
    return half == 0 ? 0..<middle : middle..<count
  }
}
