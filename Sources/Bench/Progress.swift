import Experiments
import Foundation
import Logging
import Synchronization

/// The progress of a run on standard error: one line that is rewritten on a terminal, else a
/// plain line now and then; and log messages of what becomes of its cells.
final class Progress: Sendable {
  private struct State {
    var missing = 0
    var done = 0
    var failed = 0
    var running: [Cell] = []
    var started = ContinuousClock.now
    var lastShown: ContinuousClock.Instant?
    var isShown = false
  }

  private let state = Mutex(State())
  private let log: Logger

  /// Progress that is shown where the log takes `info`.
  init(_ log: Logger) {
    self.log = log
  }

  /// Takes note of an event and shows the new state.
  func report(_ event: Run.Event) {
    state.withLock { state in
      var isWorthShowing = true
      switch event {
      case .planned(let missing, let settled):
        if state.missing == 0 { state.started = .now }
        state.missing += missing
        if settled > 0, missing > 0, state.done == 0 {
          log.info("\(settled) cells are in the store already; \(missing) to run.")
        }
      case .started(let cell):
        state.running.append(cell)
      case .finished(let cell, let report):
        state.running.removeAll { $0 == cell }
        state.done += 1
        if report.outcome.isFailure {
          state.failed += 1
          clear(&state)
          let name = "\(cell.method) on \(cell.pair)"
          log.warning("\(report.outcome.rawValue): \(name): \(report.reason)")
        } else if log.logLevel <= .debug {
          clear(&state)
          log.debug("\(Self.line(cell, report))")
        }
        // The next cell is about to begin: until then too few seem to run.
        isWorthShowing = state.done == state.missing
      case .submitted(let tasks, let name):
        log.info("Submitted \(tasks) Slurm tasks as \(name).")
      case .resumed(let tasks, let name):
        log.info("Waiting for the \(tasks) Slurm tasks of \(name), submitted earlier.")
      }
      if isWorthShowing { show(&state, force: state.done == state.missing) }
    }
  }

  /// Removes the line.
  func end() {
    state.withLock { clear(&$0) }
  }

  private func show(_ state: inout State, force: Bool) {
    let now = ContinuousClock.now
    let pause: Duration = StandardError.isTerminal ? .milliseconds(100) : .seconds(5)
    if let last = state.lastShown, now - last < pause, !force { return }
    guard state.missing > 0 else { return }
    state.lastShown = now
    let line = Self.line(
      done: state.done, missing: state.missing, failed: state.failed,
      running: state.running.last, count: state.running.count,
      elapsed: (now - state.started) / .seconds(1))
    guard log.logLevel <= .info else { return }
    if StandardError.isTerminal {
      StandardError.write("\r\u{1B}[2K\(line.prefix(Self.width))")
    } else {
      log.info("\(line)")
    }
    state.isShown = StandardError.isTerminal
  }

  private func clear(_ state: inout State) {
    if state.isShown { StandardError.write("\r\u{1B}[2K") }
    state.isShown = false
  }

  /// The terminal's width in columns.
  private static var width: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) - 1 : 79
  }

  /// One line: a bar, the counts, the time gone and left, and what is running.
  static func line(
    done: Int, missing: Int, failed: Int, running: Cell?, count: Int, elapsed: Double
  ) -> String {
    let filled = missing == 0 ? 20 : 20 * done / missing
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    let left = done == 0 ? "?" : time(elapsed / Double(done) * Double(missing - done))
    var line =
      "\(bar) \(done)/\(missing) done, \(count) running, \(failed) failed, \(time(elapsed)), \(left) left"
    if let running { line += "  \(running.method) on \(running.pair)" }
    return line
  }

  /// One line of a cell that ended without failing: what it was, its time and memory.
  static func line(_ cell: Cell, _ report: CellReport) -> String {
    let fold = cell.fold.map { ", fold \($0.index + 1) of \($0.count)" } ?? ""
    let seconds = String(format: "%.3f", report.fitSeconds + report.predictSeconds)
    let memory = String(format: "%.0f", report.peakMemory)
    return "\(report.outcome.rawValue): \(cell.method) \(cell.parameters) on \(cell.pair), "
      + "repetition \(cell.repetition)\(fold): \(seconds) s, \(memory) MiB, worker \(report.worker)"
  }

  private static func time(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
