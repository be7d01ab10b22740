import ArgumentParser
import Domains
import Experiments
import Foundation
import Logging

/// `bench export`: the files of a run again, from its store.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the files of a run again from its store.",
    discussion: """
      Nothing is run and no data are needed: every file comes from plan.yml and results.sqlite, the \
      same bytes as the run wrote.

      EXAMPLES
        bench export results
        bench export results --format latex --predictions
      """)

  @Argument(help: ArgumentHelp("The folder of the run.", valueName: "dir"), completion: .directory)
  var folder: String

  @OptionGroup var table: TableOptions

  func run() throws {
    let stored = try StoredRun(folder)
    let lock = try FolderLock(folder)
    defer { lock.release() }
    try stored.export(table)
  }
}

/// A folder with the plan and the store of a run.
struct StoredRun {
  let folder: String
  /// The plan.
  let plan: Plan
  /// The path of the store.
  let store: String

  /// The run of a folder.
  ///
  /// - Throws: a `DomainError` where plan or store are missing, or a `PlanError`.
  init(_ folder: String) throws {
    self.folder = folder
    let path = "\(folder)/plan.yml"
    plan = try Plan(yaml: RunCommand.text(path), path: path)
    store = "\(folder)/results.sqlite"
    guard FileManager.default.fileExists(atPath: store) else {
      throw DomainError.missing(path: store)
    }
  }

  /// Writes the files and prints the table; says how to run what is missing.
  func export(_ table: TableOptions) throws {
    let summary = try Summary(Run(stored: plan, in: ResultStore(path: store)))
    let files = try table.write(summary, to: folder)
    table.close(summary, in: folder, files: files)
    let missing = summary.reports.count { $0.report == nil }
    if missing > 0 {
      let command = ResultOptions.command(["run", "\(folder)/plan.yml", "--out", folder])
      Logger.plain().error(
        "Of \(summary.reports.count) cells \(missing) are not in the store. This runs them: \(command)"
      )
    }
    if missing > 0 || !summary.failures.isEmpty { throw ExitCode.someCellsFailed }
  }
}
