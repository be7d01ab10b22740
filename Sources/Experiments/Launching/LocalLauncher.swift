import Synchronization

/// Runs cells in worker processes of this machine.
public struct LocalLauncher: Launcher {
  private let options: WorkerOptions
  private let provenance: RunProvenance

  /// A launcher whose runs are known by a provenance.
  public init(_ options: WorkerOptions, provenance: RunProvenance) {
    self.options = options
    self.provenance = provenance
  }

  /// Keeps the provenance and runs the cells, each in the store before the next event.
  public func run(
    _ cells: [Cell], into store: ResultStore, isCancelled: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (Run.Event) -> Void
  ) throws {
    try store.save(provenance)
    let failure = Mutex<StoreError?>(nil)
    let pool = WorkerPool(options: options) {
      isCancelled() || failure.withLock { $0 != nil }
    }
    pool.run(
      cells, started: { report(.started($0)) },
      finished: { cell, result in
        do throws(StoreError) {
          try store.save(result, of: cell)
          report(.finished(cell, result))
        } catch {
          failure.withLock { $0 = error }
        }
      })
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
