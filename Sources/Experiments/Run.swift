public import Domains
import Foundation
import Methods

/// Runs a plan into a store: what is settled stays, what is missing is run.
public struct Run: Sendable {
  /// The plan.
  public let plan: Plan
  /// The methods asked for, under each rule of selection, and those they are measured against.
  public let methods: [PlannedMethod]
  /// The tests of methods as stated: pair after pair, method after method, repetition after
  /// repetition.
  public let cells: [Cell]
  private let tunings: [PlannedMethod: Tuning]
  /// What scores need of each pair, by the pair's name.
  let truths: [String: PairTruth]
  private let store: ResultStore

  /// Checks a plan whole, before anything is run: methods, parameters, pairs and their data.
  ///
  /// - Throws: a `PlanError`, `DomainError` or `StoreError` that says what is wrong.
  public init(_ plan: Plan, catalogue: DataCatalogue, store: ResultStore) throws {
    try plan.check()
    _ = try plan.plannedMethods()
    _ = try plan.tunings()
    var truths: [String: PairTruth] = [:]
    for name in plan.pairs {
      guard let id = PairID(name) else {
        throw DomainError.unknownPair(name: name, known: [])
      }
      let truth = PairTruth(try catalogue.load(id))
      truths[name] = truth
      try store.save(truth)
    }
    try self.init(plan, truths: truths, store: store)
  }

  /// What a store holds of a plan, without its data: there to be read, not to be executed.
  ///
  /// A pair on which nothing was run has no results. Throws a `PlanError` or `StoreError`.
  public init(stored plan: Plan, in store: ResultStore) throws {
    try plan.check()
    var truths: [String: PairTruth] = [:]
    for name in plan.pairs { truths[name] = try store.lastTruth(ofPair: name) }
    try self.init(plan, truths: truths, store: store)
  }

  private init(
    _ plan: Plan, truths: [String: PairTruth], store: ResultStore
  ) throws(PlanError) {
    methods = try plan.plannedMethods()
    tunings = try plan.tunings()
    self.plan = plan
    self.store = store
    self.truths = truths
    cells = plan.cells(
      methods: methods.filter { $0.selection == SelectionRule.stated.id },
      checksums: truths.mapValues(\.checksum))
  }

  /// The test of a method as stated.
  func cell(_ method: PlannedMethod, pair: String, repetition: Int) -> Cell {
    plan.cell(method, pair: pair, repetition: repetition, checksum: truths[pair]?.checksum ?? "")
  }

  /// The settings that were tried of a method and what is known of them; nil where none were.
  func tuning(
    _ method: PlannedMethod, pair: String, repetition: Int
  ) throws(StoreError) -> (tuning: Tuning, record: TuningRecord)? {
    guard let tuning = tunings[method.stated], let truth = truths[pair] else { return nil }
    let cell = cell(method.stated, pair: pair, repetition: repetition)
    return (
      tuning,
      try TuningRecord(tuning, like: cell, truth: truth) { [store] (cell) throws(StoreError) in
        try store.judgement(of: cell)
      }
    )
  }

  /// Every place that a tuned method takes: pair after pair, method after method.
  private func forEachTuned(
    _ body: (PlannedMethod, _ pair: String, _ repetition: Int) throws(StoreError) -> Void
  ) throws(StoreError) {
    for pair in plan.pairs {
      for method in tuned {
        for repetition in 0..<plan.repetitions { try body(method, pair, repetition) }
      }
    }
  }

  /// The methods that have settings to choose from, as stated, each once.
  var tuned: [PlannedMethod] {
    var found: [PlannedMethod] = []
    for method in methods.map(\.stated) where tunings[method] != nil && !found.contains(method) {
      found.append(method)
    }
    return found
  }

  func report(of cell: Cell) throws(StoreError) -> CellReport? {
    try store.report(of: cell)
  }

  /// What a run tells while it goes on.
  public enum Event: Sendable {
    /// So many cells more are to be run; the others are settled.
    case planned(missing: Int, settled: Int)
    /// A worker began a cell.
    case started(Cell)
    /// A cell ended and is in the store.
    case finished(Cell, CellReport)
    /// So many tasks were handed to Slurm as a job of that name.
    case submitted(tasks: Int, name: String)
    /// So many tasks of that name were submitted earlier; they are waited for.
    case resumed(tasks: Int, name: String)
  }

  /// The cells of a plan, those of one split together: they share what their methods compute alike.
  private static func bySplit(_ cells: [Cell]) -> [Cell] {
    var places: [String: Int] = [:]
    for cell in cells where places[cell.pair] == nil { places[cell.pair] = places.count }
    func order(_ cell: Cell, _ offset: Int) -> (Int, Int, Int, Int) {
      (places[cell.pair] ?? 0, cell.repetition, cell.fold?.index ?? -1, offset)
    }
    return cells.enumerated().sorted {
      order($0.element, $0.offset) < order($1.element, $1.offset)
    }.map(\.element)
  }

  /// What is to be run before anything is chosen, in rounds that need the results of the last.
  private var rounds: Int { tunings.isEmpty || plan.search != .halving ? 1 : plan.folds }

  /// The cells of a round: the tests of what is stated with the first, and the folds to judge by.
  private func cells(ofRound round: Int) throws(StoreError) -> [Cell] {
    var found = round == 0 ? cells : []
    try forEachTuned { (method, pair, repetition) throws(StoreError) in
      guard let (tuning, record) = try tuning(method, pair: pair, repetition: repetition) else {
        return
      }
      let test = cell(method, pair: pair, repetition: repetition)
      // Under all rules, how scores and tests go together is asked of every setting.
      if round == 0, plan.selection == SelectionRule.allID {
        found += tuning.candidates.map { test.with($0) }
      }
      for fold in rounds == 1 ? Array(0..<plan.folds) : [round] {
        found += record.tried(onFold: fold, plan.rules)
          .map { tuning.cell($0, fold: fold, like: test) }
      }
    }
    return found
  }

  /// The tests of what the rules chose.
  private func chosenCells() throws(StoreError) -> [Cell] {
    var found: [Cell] = []
    try forEachTuned { (method, pair, repetition) throws(StoreError) in
      guard let (tuning, record) = try tuning(method, pair: pair, repetition: repetition) else {
        return
      }
      let test = cell(method, pair: pair, repetition: repetition)
      found += plan.rules.map { test.with(tuning.candidates[record.choice($0)]) }
    }
    return found
  }

  /// The runs that computed what is in the store.
  func provenance() throws(StoreError) -> [RunProvenance] { try store.runs() }

  /// Runs the missing cells where a launcher does; every finished one is in the store before it is
  /// reported.
  ///
  /// - Returns: whether all cells were run; false where the run was cancelled or the launcher lost
  ///   some.
  /// - Throws: what stopped the run, such as a `StoreError` of a full disk.
  public func execute(
    on launcher: some Launcher, isCancelled: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (Event) -> Void
  ) throws -> Bool {
    for round in 0..<rounds {
      guard try execute(cells(ofRound: round), launcher, isCancelled, report) else { return false }
    }
    return try tunings.isEmpty || execute(chosenCells(), launcher, isCancelled, report)
  }

  private func execute(
    _ cells: [Cell], _ launcher: some Launcher, _ isCancelled: @escaping @Sendable () -> Bool,
    _ report: @escaping @Sendable (Event) -> Void
  ) throws -> Bool {
    let settled = try store.settledCells()
    var seen: Set<String> = []
    let different = cells.filter { seen.insert($0.id).inserted }
    let missing = Self.bySplit(different.filter { !settled.contains($0.id) })
    report(.planned(missing: missing.count, settled: different.count - missing.count))
    guard !missing.isEmpty else { return !isCancelled() }
    try launcher.run(missing, into: store, isCancelled: isCancelled, report: report)
    let run = try store.cells()
    return !isCancelled() && missing.allSatisfy { run.contains($0.id) }
  }
}
