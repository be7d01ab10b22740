import Foundation
import GRDB

extension ResultStore {
  /// Adds what another store holds, in one transaction.
  ///
  /// A cell that is here already stays, unless it has no result here and one there. Of a store with
  /// an older schema a copy is brought to this program's and read; the file itself stays as it is.
  ///
  /// - Throws: a `StoreError` where the other file is no store, has a newer schema, or holds results
  ///   on other data of a pair; this store then stays as it is.
  public func merge(_ other: String) throws(StoreError) {
    guard FileManager.default.fileExists(atPath: other) else {
      throw .database(path: other, reason: "there is no such file")
    }
    let copy = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: copy) }
    do {
      var file = other
      if try !isCurrent(other, copyingTo: copy) {
        // Opened, it is migrated.
        _ = try ResultStore(path: copy)
        file = copy
      }
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: "ATTACH DATABASE ? AS other", arguments: [file])
        defer { try? database.execute(sql: "DETACH DATABASE other") }
        try Self.check(other, database)
        try database.inTransaction {
          try database.execute(sql: Self.merging)
          return .commit
        }
      }
    } catch StoreError.database(_, let reason) {
      throw .database(path: other, reason: reason)
    } catch let error as StoreError {
      throw error
    } catch {
      throw .database(path: other, reason: Self.reason(error))
    }
  }

  /// Whether a store has this program's schema; where it has an older one it is copied.
  private func isCurrent(_ other: String, copyingTo copy: String) throws -> Bool {
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "ATTACH DATABASE ? AS other", arguments: [other])
      defer { try? database.execute(sql: "DETACH DATABASE other") }
      let found = try Self.schema(of: "other", database)
      guard let found, found <= Self.schemaVersion else {
        throw StoreError.otherSchema(path: other, found: found, own: Self.schemaVersion)
      }
      if found < Self.schemaVersion {
        try database.execute(sql: "VACUUM other INTO ?", arguments: [copy])
      }
      return found == Self.schemaVersion
    }
  }

  /// Refuses a store whose cells can't stand beside those here.
  private static func check(_ path: String, _ database: Database) throws {
    func checksums(_ schema: String) throws -> [String: Set<String>] {
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT DISTINCT json_extract(facts, '$.pair'), json_extract(facts, '$.checksum')
          FROM \(schema).cell
          """)
      return try rows.reduce(into: [:]) { found, row in
        try found[row.decode(String.self, atIndex: 0), default: []].insert(
          row.decode(String.self, atIndex: 1))
      }
    }
    let (own, others) = (try checksums("main"), try checksums("other"))
    for pair in others.keys.sorted() {
      guard let ours = own[pair], let theirs = others[pair] else { continue }
      if ours.isDisjoint(with: theirs) { throw StoreError.otherData(path: path, pair: pair) }
    }
  }

  /// Cells before what refers to them.
  private static let merging = """
    DELETE FROM main.cell WHERE outcome NOT IN (\(settled)) AND id IN
      (SELECT id FROM other.cell WHERE outcome IN (\(settled)));
    CREATE TEMPORARY TABLE added AS
      SELECT id FROM other.cell WHERE id NOT IN (SELECT id FROM main.cell);
    INSERT INTO main.cell SELECT * FROM other.cell
      WHERE id IN (SELECT id FROM added) ORDER BY rowid;
    INSERT INTO main.prediction SELECT * FROM other.prediction
      WHERE cell IN (SELECT id FROM added);
    INSERT INTO main.judgement SELECT * FROM other.judgement
      WHERE cell IN (SELECT id FROM added);
    INSERT OR IGNORE INTO main.truth SELECT * FROM other.truth;
    INSERT OR IGNORE INTO main.run SELECT * FROM other.run;
    DROP TABLE added;
    """

  private static var settled: String {
    [Outcome.completed, .skipped].map { "'\($0.rawValue)'" }.joined(separator: ", ")
  }
}
