import ArgumentParser
import Domains
import Experiments
import Foundation

/// `bench merge`: runs of one plan in several folders, joined.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Join runs of one plan from several folders.",
    discussion: """
      Each folder holds plan.yml and results.sqlite. Cells that OUT has already stay; those without \
      a result are replaced by one that has. The files are then written as `bench export` does.

      EXAMPLES
        bench merge all part-1 part-2
      """)

  @Argument(
    help: ArgumentHelp("The folder to join into; made where there is none.", valueName: "out"),
    completion: .directory)
  var out: String

  @Argument(help: ArgumentHelp("The folders to join.", valueName: "dir"), completion: .directory)
  var folders: [String]

  @OptionGroup var table: TableOptions

  func run() throws {
    let parts = try folders.map { try StoredRun($0) }
    guard let first = parts.first else { return }
    for part in parts.dropFirst() { try Self.check(part, against: first) }
    let planFile = "\(out)/plan.yml"
    let isNew = !FileManager.default.fileExists(atPath: planFile)
    if !isNew { try Self.check(first, against: StoredRun(out)) }
    try AtomicFile.makeFolder(out)
    let lock = try FolderLock(out)
    defer { lock.release() }
    let store = try ResultStore(path: "\(out)/results.sqlite")
    for part in parts { try store.merge(part.store) }
    if isNew {
      var plan = first.plan
      plan.limits = nil
      try AtomicFile.write(Array(plan.yaml().utf8), to: planFile)
    }
    try StoredRun(out).export(table)
  }

  private static func check(_ part: StoredRun, against first: StoredRun) throws(RequestError) {
    guard let key = part.plan.difference(from: first.plan) else { return }
    throw .otherPlan(path: part.folder, first: first.folder, key: key)
  }
}
