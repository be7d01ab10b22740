import Foundation
import GRDB
import Testing

@testable import Experiments

struct ResultStoreTests {
  let cell = Cell(
    pair: "a:b->c", checksum: "x", method: "coral", parameters: "{}", protocolName: "holdout",
    holdout: 0.5, shots: 0, repetition: 0, seed: .max, selection: "none", version: "1")

  private func temporaryStore() throws -> (ResultStore, String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "results.sqlite").path
    return (try ResultStore(path: path), path)
  }

  @Test func aReportReadsBackToTheBit() throws {
    let (store, path) = try temporaryStore()
    let predictions = CellPredictions(
      rows: [3, 1], probabilities: [0.1, 0.9, 1 / 3, 2 / 3], clusters: [], sourceRows: [7],
      sourceProbabilities: [.leastNonzeroMagnitude, 1])
    let report = CellReport(
      cell: cell.id, outcome: .completed, predictions: predictions, fitSeconds: 0.25)
    try store.save(report, of: cell)
    let again = try ResultStore(path: path)
    let read = try #require(try again.report(of: cell))
    #expect(read.predictions == predictions)
    #expect(read.fitSeconds == 0.25)
    #expect(try again.settledCells() == [cell.id])
  }

  @Test func aDamagedRowIsAnErrorAndNoResult() throws {
    for change in [
      "UPDATE prediction SET rows = x'04'", "UPDATE prediction SET coding = 'one'",
      "UPDATE cell SET fitSeconds = 'soon'", "UPDATE cell SET outcome = 'failed'",
    ] {
      let (store, _) = try temporaryStore()
      try store.save(
        CellReport(cell: cell.id, outcome: .completed, predictions: predictions), of: cell)
      #expect(try store.report(of: cell) != nil)
      try store.queue.write { try $0.execute(sql: change) }
      #expect(throws: StoreError.self, "\(change)") { try store.report(of: cell) }
    }
  }

  @Test func aDamagedColumnIsAnErrorAndNoCrash() throws {
    for (table, column) in [("cell", "predictSeconds"), ("prediction", "sourceRows")] {
      let (store, _) = try temporaryStore()
      try store.save(
        CellReport(cell: cell.id, outcome: .completed, predictions: predictions), of: cell)
      try store.queue.write {
        try $0.execute(sql: "ALTER TABLE \(table) RENAME COLUMN \(column) TO damaged")
      }
      #expect(throws: StoreError.self) { try store.report(of: cell) }
    }
  }

  /// Takes a store back to the schema before there were digests.
  private func undate(_ store: ResultStore) throws {
    try store.queue.write { database in
      for table in ["cell", "prediction", "judgement", "truth"] {
        try database.execute(sql: "ALTER TABLE \(table) DROP COLUMN digest")
      }
      try database.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '5'")
    }
  }

  /// A copy of an older store is brought up to date and joined; the store itself stays as it is.
  @Test func anOlderStoreIsJoined() throws {
    let (store, _) = try temporaryStore()
    let (other, path) = try temporaryStore()
    try other.save(
      CellReport(cell: cell.id, outcome: .completed, predictions: predictions), of: cell)
    try undate(other)
    try store.merge(path)
    #expect(try store.report(of: cell)?.predictions == predictions)
    let schema = try other.queue.read { try ResultStore.schema(of: "main", $0) }
    #expect(schema == 4)
  }

  @Test func aNewerStoreIsRefusedWithBothSchemas() throws {
    let (store, _) = try temporaryStore()
    let (other, path) = try temporaryStore()
    try other.queue.write { database in
      try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('6')")
    }
    let error = StoreError.otherSchema(path: path, found: 6, own: ResultStore.schemaVersion)
    #expect(throws: error) { try store.merge(path) }
    #expect(throws: error) { try ResultStore(path: path) }
    let own = try store.queue.read { try ResultStore.schema(of: "main", $0) }
    #expect(own == ResultStore.schemaVersion)
  }

  /// Rows that were written before there were digests get theirs.
  @Test func anOlderStoreGetsDigests() throws {
    let (store, path) = try temporaryStore()
    try store.save(
      CellReport(cell: cell.id, outcome: .completed, predictions: predictions), of: cell)
    try undate(store)
    #expect(try ResultStore(path: path).report(of: cell)?.predictions == predictions)
  }

  @Test func failuresAreKeptAndRunAgain() throws {
    let (store, _) = try temporaryStore()
    try store.save(CellReport(cell: cell.id, outcome: .failed, reason: "why"), of: cell)
    #expect(try store.settledCells().isEmpty)
    #expect(try store.report(of: cell)?.reason == "why")
    try store.save(CellReport(cell: cell.id, outcome: .skipped, reason: "so"), of: cell)
    #expect(try store.settledCells() == [cell.id])
    #expect(try store.report(of: cell)?.predictions == nil)
  }

  @Test func aFileThatIsNoStoreIsAnError() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try Data("not a database, but long enough to be looked at".utf8).write(
      to: URL(fileURLWithPath: path))
    #expect(throws: StoreError.self) { try ResultStore(path: path) }
    #expect(throws: StoreError.self) { try ResultStore(path: "/nonexistent/results.sqlite") }
  }

  private let predictions = CellPredictions(
    rows: [1], probabilities: [0.5, 0.5], clusters: [], sourceRows: [], sourceProbabilities: [])

  /// Only where foreign keys are on does SQLite delete what belongs to a cell that is replaced.
  @Test func aReplacedCellTakesItsPredictionsAlong() throws {
    let (store, _) = try temporaryStore()
    try store.save(
      CellReport(cell: cell.id, outcome: .completed, predictions: predictions), of: cell)
    try store.save(CellReport(cell: cell.id, outcome: .failed), of: cell)
    #expect(try store.report(of: cell)?.predictions == nil)
  }

  @Test func aMergeKeepsWhatIsThereAndFillsWhatFailed() throws {
    let (store, _) = try temporaryStore()
    let (other, path) = try temporaryStore()
    var second = cell
    second.fold = InnerFold(index: 0, count: 2, isReversed: false)
    try store.save(CellReport(cell: cell.id, outcome: .completed, reason: "ours"), of: cell)
    try store.save(CellReport(cell: second.id, outcome: .failed, reason: "ours"), of: second)
    for each in [cell, second] {
      try other.save(
        CellReport(
          cell: each.id, outcome: .completed, reason: "theirs", predictions: predictions),
        of: each)
    }
    try store.merge(path)
    #expect(try store.report(of: cell)?.reason == "ours")
    #expect(try store.report(of: second)?.reason == "theirs")
    #expect(try store.report(of: second)?.predictions == predictions)
    #expect(try store.settledCells() == [cell.id, second.id])
  }

  @Test func aMergeRefusesOtherDataAndOtherFiles() throws {
    let (store, _) = try temporaryStore()
    let (other, path) = try temporaryStore()
    try store.save(CellReport(cell: cell.id, outcome: .completed), of: cell)
    let elsewhere = Cell(
      pair: "a:b->c", checksum: "y", method: "coral", parameters: "{}", protocolName: "holdout",
      holdout: 0.5, shots: 0, repetition: 0, seed: 1, selection: "none", version: "1")
    try other.save(CellReport(cell: elsewhere.id, outcome: .completed), of: elsewhere)
    #expect(throws: StoreError.otherData(path: path, pair: "a:b->c")) { try store.merge(path) }
    #expect(try store.settledCells() == [cell.id])
    #expect(throws: StoreError.self) { try store.merge("/nonexistent/results.sqlite") }
  }

  @Test func runsAreKeptOnce() throws {
    let (store, _) = try temporaryStore()
    let plan = Plan(pairs: ["a:b->c"], methods: [Plan.MethodSetting(id: "coral")])
    let runs = ["2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"].map {
      RunProvenance(of: plan, started: $0, processor: "one", cores: 2, kernels: "")
    }
    for run in runs + runs { try store.save(run) }
    #expect(try store.runs() == runs.reversed())
    var limited = plan
    limited.limits = Plan.Limits(timeout: 1)
    #expect(limited.digest == plan.digest)
    limited.seed = 1
    #expect(limited.digest != plan.digest)
  }
}
