public import Domains
import Foundation
import Methods
import Synchronization

/// Runs a plan into a store: what is settled stays, what is missing is run.
public struct Run: Sendable {
  /// The plan.
  public let plan: Plan
  /// The methods asked for and those they are measured against.
  public let methods: [PlannedMethod]
  /// Every cell of the plan, in its order.
  public let cells: [Cell]
  private let store: ResultStore

  /// Checks a plan whole, before anything is run: methods, parameters, pairs and their data.
  ///
  /// - Throws: a `PlanError`, `DomainError` or `StoreError` that says what is wrong.
  public init(_ plan: Plan, catalogue: DataCatalogue, store: ResultStore) throws {
    try plan.check()
    methods = try plan.plannedMethods()
    var checksums: [String: String] = [:]
    for name in plan.pairs {
      guard let id = PairID(name) else {
        throw DomainError.unknownPair(name: name, known: [])
      }
      let pair = try catalogue.load(id)
      checksums[name] = pair.checksum
      try store.save(PairTruth(pair))
    }
    self.plan = plan
    self.store = store
    cells = plan.cells(methods: methods, checksums: checksums)
  }

  func truth(checksum: String) throws(StoreError) -> PairTruth? {
    try store.truth(checksum: checksum)
  }

  func report(of cell: Cell) throws(StoreError) -> CellReport? {
    try store.report(of: cell)
  }

  /// What a run tells while it goes on.
  public enum Event: Sendable {
    /// So many cells are to be run; the others are settled.
    case planned(missing: Int, settled: Int)
    /// A worker began a cell.
    case started(Cell)
    /// A cell ended and is in the store.
    case finished(Cell, CellReport)
  }

  /// The cells of a plan, those of one split together: they share what their methods compute alike.
  private static func bySplit(_ cells: [Cell]) -> [Cell] {
    var places: [String: Int] = [:]
    for cell in cells where places[cell.pair] == nil { places[cell.pair] = places.count }
    return cells.enumerated().sorted { left, right in
      (places[left.element.pair] ?? 0, left.element.repetition, left.offset)
        < (places[right.element.pair] ?? 0, right.element.repetition, right.offset)
    }.map(\.element)
  }

  /// Runs the missing cells in workers; every finished one is in the store before the next event.
  ///
  /// - Returns: whether all cells were run; false where the run was cancelled.
  /// - Throws: the `StoreError` that stopped the run, such as a full disk.
  public func execute(
    options: WorkerOptions, isCancelled: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (Event) -> Void
  ) throws(StoreError) -> Bool {
    let settled = try store.settledCells()
    let missing = Self.bySplit(cells.filter { !settled.contains($0.id) })
    report(.planned(missing: missing.count, settled: cells.count - missing.count))
    let failure = Mutex<StoreError?>(nil)
    let pool = WorkerPool(options: options) {
      isCancelled() || failure.withLock { $0 != nil }
    }
    pool.run(
      missing, started: { report(.started($0)) },
      finished: { [store] cell, result in
        do throws(StoreError) {
          try store.save(result, of: cell)
          report(.finished(cell, result))
        } catch {
          failure.withLock { $0 = error }
        }
      })
    if let error = failure.withLock({ $0 }) { throw error }
    return !isCancelled()
  }
}
