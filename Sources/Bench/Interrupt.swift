import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and SIGTERM into a request to stop; a second one stops at once.
///
/// Every finished cell is in the store before the next one is begun, so nothing is lost.
final class Interrupt: Sendable {
  private let requested = Atomic(false)

  init() {
    // A worker that dies with its pipe full must not take this process along.
    signal(SIGPIPE, SIG_IGN)
    let queue = DispatchQueue(label: "interrupt")
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      // The handler holds the source, so that it lives as long as the process.
      source.setEventHandler { [self] in
        withExtendedLifetime(source) {
          if requested.exchange(true, ordering: .relaxed) { _exit(130) }
        }
      }
      source.resume()
    }
  }

  /// Whether the user asked to stop.
  var isRequested: Bool { requested.load(ordering: .relaxed) }
}
