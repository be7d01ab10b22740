/// Where the missing cells of a run are run.
public protocol Launcher: Sendable {
  /// Runs cells that aren't in the store; each that ended is there before it is reported.
  ///
  /// Returns once all ended, or as many as can: a cancelled run, or a lost machine, leaves some out.
  ///
  /// - Throws: what stopped all of them, such as a `StoreError` of a full disk.
  func run(
    _ cells: [Cell], into store: ResultStore, isCancelled: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (Run.Event) -> Void
  ) throws
}
