import Foundation
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
}
