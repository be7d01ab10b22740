import Foundation
import Synchronization

/// How much of something is done, on standard error: one line that is rewritten on a terminal, else a
/// plain line now and then.
final class CountedProgress: Sendable {
  private struct State {
    var done = 0
    var latest = ""
    var shown: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private let count: Int
  private let what: String
  private let isQuiet: Bool
  private let started = ContinuousClock.now

  /// The progress of so many steps; `what` stands behind their number, as in `pairs measured`.
  init(_ count: Int, of what: String, isQuiet: Bool) {
    self.count = count
    self.what = what
    self.isQuiet = isQuiet
  }

  /// Takes note of what is being done.
  func start(_ name: String) {
    state.withLock { state in
      state.latest = name
      show(&state)
    }
  }

  /// Takes note of one step more that is done.
  func finish() {
    state.withLock { state in
      state.done += 1
      show(&state)
    }
  }

  /// Removes the line.
  func end() {
    if StandardError.isTerminal, !isQuiet { StandardError.write("\r\u{1B}[2K") }
  }

  private func show(_ state: inout State) {
    let now = ContinuousClock.now
    let pause: Duration = StandardError.isTerminal ? .milliseconds(100) : .seconds(5)
    guard !isQuiet, now - (state.shown ?? started) >= pause else { return }
    state.shown = now
    let line = "\(state.done)/\(count) \(what)  \(state.latest)"
    StandardError.write(StandardError.isTerminal ? "\r\u{1B}[2K\(line.prefix(79))" : line + "\n")
  }
}
