import Synchronization

/// A value that is computed when it is first asked for.
package final class Once<Value: Sendable>: Sendable {
  private let known = Mutex<Value?>(nil)

  /// A value that nobody has asked for.
  package init() {}

  /// The value, computed by whoever asks first.
  package func value(_ compute: () -> Value) -> Value {
    known.withLock { known in
      if let known { return known }
      let value = compute()
      known = value
      return value
    }
  }
}
