import Synchronization

/// What several methods compute alike of the same features, computed once.
///
/// Every sample has one, which its copies share. A method that asks for a quantity by its name gets
/// the value that the first method to ask computed: the same function of the same features, hence
/// the same bits. A value larger than what is left of `capacity` is given out and not kept.
public final class SharedWork: Sendable {
  /// The most that is kept for one sample, in bytes.
  public static let capacity = 64 << 20

  private struct Key: Hashable {
    let name: String
    let partner: ObjectIdentifier?
  }

  private struct Entry: Sendable {
    let value: any Sendable
    let seconds: Double
    /// Tells a partner that is gone from another one at its address.
    weak let partner: SharedWork?
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var bytes = 0
    var savedSeconds = 0.0
  }

  private let state = Mutex(State())

  /// Nothing computed yet.
  public init() {}

  /// The wall time, in seconds, that values given out again took when they were computed.
  public var savedSeconds: Double { state.withLock(\.savedSeconds) }

  /// The quantity of that name and the seconds that it took, if it is here.
  public func existing<Value: Sendable>(
    _ name: String, as type: Value.Type
  ) -> (value: Value, seconds: Double)? {
    state.withLock { state in
      guard let entry = state.entries[Key(name: name, partner: nil)],
        let value = entry.value as? Value
      else { return nil }
      return (value, entry.seconds)
    }
  }

  /// Keeps a quantity that was computed elsewhere in so many seconds, unless it is here already.
  public func keep(_ value: some Sendable, as name: String, bytes: Int, seconds: Double) {
    let key = Key(name: name, partner: nil)
    state.withLock { state in
      guard state.entries[key] == nil else { return }
      state.bytes += bytes
      state.entries[key] = Entry(value: value, seconds: seconds, partner: nil)
    }
  }

  /// The quantity of that name, computed unless it is here already.
  ///
  /// - Parameters:
  ///   - name: stands for one function of the sample, with all its settings, and one type.
  ///   - partner: the work of the other sample where the quantity is one of two samples.
  ///   - bytes: the value's size.
  ///   - compute: computes it.
  /// - Returns: the value kept or computed.
  /// - Throws: what `compute` throws; nothing is kept then.
  public func once<Value: Sendable, Failure: Error>(
    _ name: String, with partner: SharedWork? = nil, bytes: Int,
    _ compute: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let key = Key(name: name, partner: partner.map { ObjectIdentifier($0) })
    let kept = state.withLock { state -> (any Sendable)? in
      guard let entry = state.entries[key], entry.partner === partner else { return nil }
      state.savedSeconds += entry.seconds
      return entry.value
    }
    if let kept {
      guard let value = kept as? Value else {
        preconditionFailure("The name of a shared quantity stands for one type: \(name).")
      }
      return value
    }
    let clock = ContinuousClock()
    let started = clock.now
    let value = try compute()
    let seconds = (clock.now - started) / .seconds(1)
    state.withLock { state in
      guard state.bytes + bytes <= Self.capacity else { return }
      state.bytes += bytes
      state.entries[key] = Entry(value: value, seconds: seconds, partner: partner)
    }
    return value
  }
}
