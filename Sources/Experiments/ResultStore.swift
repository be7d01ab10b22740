import Domains
import Foundation
import GRDB

/// Why the store can't be used.
///
/// Facts only: their wording is the command line's.
public enum StoreError: Error, Sendable, Hashable {
  /// The file can't be opened, read or written.
  case database(path: String, reason: String)
  /// The store has a schema newer than the program's, or none; `own` is the program's.
  case otherSchema(path: String, found: Int?, own: Int)
  /// A store that is to be joined to another has other data of a pair.
  case otherData(path: String, pair: String)
}

/// The results of all cells ever run into one folder: SQLite, one writer.
///
/// A completed cell is in it under its id, so that no plan runs it again.
public final class ResultStore: Sendable {
  let queue: DatabaseQueue
  let path: String

  /// Opens the store at that path and makes it if there is none.
  public init(path: String) throws(StoreError) {
    self.path = path
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(5)
    configuration.foreignKeysEnabled = true
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(sql: Self.schema)
    }
    migrator.registerMigration("2") { database in
      try database.execute(sql: Self.judgementSchema)
    }
    migrator.registerMigration("3") { database in
      try database.execute(sql: Self.runSchema)
    }
    migrator.registerMigration("4") { database in
      try database.execute(sql: Self.codingSchema)
    }
    migrator.registerMigration("5", migrate: Self.addDigests)
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      guard try !queue.read(migrator.hasBeenSuperseded) else {
        let found = try queue.read { try Self.schema(of: "main", $0) }
        throw StoreError.otherSchema(path: path, found: found, own: Self.schemaVersion)
      }
      try migrator.migrate(queue)
    } catch let error as StoreError {
      throw error
    } catch {
      throw .database(path: path, reason: Self.reason(error))
    }
  }

  /// The schema that this version of the program writes.
  static let schemaVersion = 5

  /// The schema of an attached data base; nil of one that is no store.
  static func schema(of name: String, _ database: Database) throws -> Int? {
    guard try database.tableExists("grdb_migrations", in: name) else { return nil }
    return try String.fetchAll(
      database, sql: "SELECT identifier FROM \(name).grdb_migrations"
    ).compactMap(Int.init).max()
  }

  /// Numbers are packed little endian: rows and clusters 32-bit, probabilities 64-bit.
  private static let schema = """
    CREATE TABLE cell (
      id TEXT PRIMARY KEY NOT NULL, facts TEXT NOT NULL, outcome TEXT NOT NULL,
      reason TEXT NOT NULL, fitSeconds REAL NOT NULL, predictSeconds REAL NOT NULL,
      peakMemory REAL NOT NULL, worker INTEGER NOT NULL, started TEXT NOT NULL,
      kernels TEXT NOT NULL);
    CREATE TABLE prediction (
      cell TEXT PRIMARY KEY NOT NULL REFERENCES cell(id) ON DELETE CASCADE,
      rows BLOB NOT NULL, probabilities BLOB NOT NULL, clusters BLOB NOT NULL,
      sourceRows BLOB NOT NULL, sourceProbabilities BLOB NOT NULL);
    CREATE TABLE truth (checksum TEXT PRIMARY KEY NOT NULL, facts TEXT NOT NULL);
    """

  private static let judgementSchema = """
    CREATE TABLE judgement (
      cell TEXT PRIMARY KEY NOT NULL REFERENCES cell(id) ON DELETE CASCADE,
      scores TEXT NOT NULL, rows BLOB NOT NULL, classes BLOB NOT NULL);
    """

  /// How a row's predictions are written: 0 as packed numbers, 1 by `PackedPredictions`.
  private static let codingSchema =
    "ALTER TABLE prediction ADD COLUMN coding INTEGER NOT NULL DEFAULT 0;"

  /// Gives every table of results a last column with the digest of the others.
  private static func addDigests(_ database: Database) throws {
    for table in ["cell", "prediction", "judgement", "truth"] {
      try database.execute(
        sql: "ALTER TABLE \(table) ADD COLUMN digest TEXT NOT NULL DEFAULT ''")
      for row in try Row.fetchAll(database, sql: "SELECT rowid, * FROM \(table)") {
        let values = Array(row.databaseValues)
        try database.execute(
          sql: "UPDATE \(table) SET digest = ? WHERE rowid = ?",
          arguments: [Self.digest(values.dropFirst().dropLast()), values[0]])
      }
    }
  }

  /// What tells a damaged row from the one that was written: SQLite itself checks no page.
  private static func digest(_ values: some Sequence<DatabaseValue>) -> String {
    var bytes: [UInt8] = []
    func append(_ tag: UInt8, _ content: some Collection<UInt8>) {
      bytes.append(tag)
      withUnsafeBytes(of: content.count.littleEndian) { bytes += $0 }
      bytes += content
    }
    for value in values {
      switch value.storage {
      case .null: append(0, [])
      case .int64(let number): append(1, withUnsafeBytes(of: number.littleEndian, Array.init))
      case .double(let number):
        append(2, withUnsafeBytes(of: number.bitPattern.littleEndian, Array.init))
      case .string(let text): append(3, text.utf8)
      case .blob(let data): append(4, data)
      }
    }
    return String(Checksum.sha256(bytes: bytes).prefix(16))
  }

  /// Writes a row with its digest, over one of the same key if there is one.
  private static func insert(
    _ values: [any DatabaseValueConvertible], into table: String, _ database: Database
  ) throws {
    let values = values.map(\.databaseValue)
    let places = repeatElement("?", count: values.count + 1).joined(separator: ", ")
    try database.execute(
      sql: "INSERT OR REPLACE INTO \(table) VALUES (\(places))",
      arguments: StatementArguments(values + [digest(values).databaseValue]))
  }

  /// The columns of each table as they are written, so that one whose name is damaged is an error.
  private static let columns = [
    "cell": """
    id, facts, outcome, reason, fitSeconds, predictSeconds, peakMemory, worker, started, kernels,
    digest
    """,
    "prediction":
      "cell, rows, probabilities, clusters, sourceRows, sourceProbabilities, coding, digest",
    "judgement": "cell, scores, rows, classes, digest",
    "truth": "checksum, facts, digest",
  ]

  /// The row of that key as it was written; nil where there is none.
  private static func row(
    of table: String, _ column: String, _ key: String, _ database: Database
  ) throws -> Row? {
    guard
      let row = try Row.fetchOne(
        database, sql: "SELECT \(columns[table] ?? "*") FROM \(table) WHERE \(column) = ?",
        arguments: [key])
    else { return nil }
    let values = Array(row.databaseValues)
    guard values.last == digest(values.dropLast()).databaseValue else {
      throw DatabaseError(message: "the \(table) of \(key) is damaged")
    }
    return row
  }

  private static let runSchema = "CREATE TABLE run (facts TEXT PRIMARY KEY NOT NULL);"

  /// Keeps what a run is computed by; the same run again changes nothing.
  func save(_ provenance: RunProvenance) throws(StoreError) {
    try write { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO run VALUES (?)", arguments: [try Self.text(provenance)])
    }
  }

  /// The runs that computed cells, in the order in which they began.
  func runs() throws(StoreError) -> [RunProvenance] {
    let runs = try read { database in
      try String.fetchAll(database, sql: "SELECT facts FROM run ORDER BY facts").map {
        try JSONDecoder().decode(RunProvenance.self, from: Data($0.utf8))
      }
    }
    return runs.sorted { $0.started < $1.started }
  }

  /// Writes a cell and its predictions in one transaction, over an earlier attempt if there was one.
  func save(_ report: CellReport, of cell: Cell) throws(StoreError) {
    try write { database in
      try Self.insert(
        [
          cell.id, try Self.text(cell), report.outcome.rawValue, report.reason, report.fitSeconds,
          report.predictSeconds, report.peakMemory, report.worker, report.started, report.kernels,
        ], into: "cell", database)
      if let judgement = report.judgement {
        try Self.insert(
          [
            cell.id, try Self.text(judgement.scores), Packed.data(judgement.rows),
            Packed.data(judgement.classes),
          ], into: "judgement", database)
      }
      guard let predictions = report.predictions else { return }
      try Self.insert(
        [
          cell.id, PackedPredictions.data(rows: predictions.rows),
          PackedPredictions.data(
            probabilities: predictions.probabilities, rowCount: predictions.rows.count),
          Packed.data(predictions.clusters),
          PackedPredictions.data(rows: predictions.sourceRows),
          PackedPredictions.data(
            probabilities: predictions.sourceProbabilities, rowCount: predictions.sourceRows.count),
          1,
        ], into: "prediction", database)
    }
  }

  /// Keeps what the metrics need of a pair: labels, groups and classes.
  func save(_ truth: PairTruth) throws(StoreError) {
    try write { database in
      try Self.insert([truth.checksum, try Self.text(truth)], into: "truth", database)
    }
  }

  /// The truth of the pair with that checksum.
  func truth(checksum: String) throws(StoreError) -> PairTruth? {
    try read { database in
      try Self.row(of: "truth", "checksum", checksum, database).map { row in
        try JSONDecoder().decode(PairTruth.self, from: Data((row["facts"] as String).utf8))
      }
    }
  }

  /// The truth of a pair as the last cell that was run on it had it; nil where none was.
  func lastTruth(ofPair pair: String) throws(StoreError) -> PairTruth? {
    let checksum = try read { database in
      try String.fetchOne(
        database,
        sql: """
          SELECT json_extract(facts, '$.checksum') FROM cell
          WHERE json_extract(facts, '$.pair') = ? ORDER BY rowid DESC LIMIT 1
          """, arguments: [pair])
    }
    return try checksum.flatMap { (checksum) throws(StoreError) in try truth(checksum: checksum) }
  }

  /// The ids of the cells that were run, however they ended.
  func cells() throws(StoreError) -> Set<String> {
    try read { database in try String.fetchSet(database, sql: "SELECT id FROM cell") }
  }

  /// The ids of the cells that need not be run again: those completed and those skipped.
  public func settledCells() throws(StoreError) -> Set<String> {
    try read { database in
      try String.fetchSet(
        database, sql: "SELECT id FROM cell WHERE outcome IN (?, ?)",
        arguments: [Outcome.completed.rawValue, Outcome.skipped.rawValue])
    }
  }

  /// How a cell ended, with its predictions; nil where it was never run.
  func report(of cell: Cell) throws(StoreError) -> CellReport? {
    try read { database in
      guard let row = try Self.row(of: "cell", "id", cell.id, database) else { return nil }
      let predictions = try Self.row(of: "prediction", "cell", cell.id, database)
        .map(Self.predictions)
      return CellReport(
        cell: cell.id, outcome: Outcome(rawValue: row["outcome"]) ?? .failed, reason: row["reason"],
        predictions: predictions, fitSeconds: row["fitSeconds"],
        predictSeconds: row["predictSeconds"], peakMemory: row["peakMemory"],
        worker: row["worker"], started: row["started"], kernels: row["kernels"])
    }
  }

  private static func predictions(_ row: Row) throws -> CellPredictions {
    let clusters = Packed.integers(row["clusters"])
    guard row["coding"] as Int == 1 else {
      return CellPredictions(
        rows: Packed.integers(row["rows"]), probabilities: Packed.doubles(row["probabilities"]),
        clusters: clusters, sourceRows: Packed.integers(row["sourceRows"]),
        sourceProbabilities: Packed.doubles(row["sourceProbabilities"]))
    }
    guard let rows = PackedPredictions.rows(row["rows"]),
      let sourceRows = PackedPredictions.rows(row["sourceRows"]),
      let probabilities = PackedPredictions.probabilities(
        row["probabilities"], rowCount: rows.count),
      let sourceProbabilities = PackedPredictions.probabilities(
        row["sourceProbabilities"], rowCount: sourceRows.count)
    else { throw DatabaseError(message: "the predictions of a cell are damaged") }
    return CellPredictions(
      rows: rows, probabilities: probabilities, clusters: clusters, sourceRows: sourceRows,
      sourceProbabilities: sourceProbabilities)
  }

  /// What is known of a setting after one fold; nil where the cell didn't complete.
  func judgement(of cell: Cell) throws(StoreError) -> FoldJudgement? {
    try read { database in
      try Self.row(of: "judgement", "cell", cell.id, database).map { row in
        FoldJudgement(
          scores: try JSONDecoder().decode(
            [String: Double].self, from: Data((row["scores"] as String).utf8)),
          rows: Packed.integers(row["rows"]), classes: Packed.integers(row["classes"]))
      }
    }
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try queue.read(body)
    } catch {
      throw .database(path: path, reason: Self.reason(error))
    }
  }

  private func write(_ body: (Database) throws -> Void) throws(StoreError) {
    do {
      try queue.write(body)
    } catch {
      throw .database(path: path, reason: Self.reason(error))
    }
  }

  private static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func reason(_ error: any Error) -> String {
    (error as? DatabaseError)?.message ?? error.localizedDescription
  }
}

extension ResultStore {
  /// The version of SQLite; nil where it can't be asked.
  public static var libraryVersion: String? {
    try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
  }
}
