import ArgumentParser
import Domains
import Experiments
import Foundation
import LinearAlgebra
import Logging

/// How cells are run: workers and their limits.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The number of worker processes; as many as cores, or one for a Slurm task, without it.",
      valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Wall time that a cell may take, in seconds; 3600 where the plan says nothing.",
      valueName: "s"))
  var timeout: Double?

  @Option(
    help: ArgumentHelp(
      "Memory that a worker may hold, in GB; 8 where the plan says nothing.", valueName: "gb"))
  var memory: Double?

  @Option(
    name: .customLong("blas-core"),
    help: ArgumentHelp(
      "The BLAS kernels of the workers: auto, or a name such as Haswell. Without it the environment's OPENBLAS_CORETYPE.",
      valueName: "name"))
  var blasCore: String?

  @Flag(help: "No progress on standard error.")
  var quiet = false

  @Flag(help: "A line on standard error for every cell: how it ended, its time and memory.")
  var verbose = false

  func validate() throws {
    guard !(quiet && verbose) else {
      throw ValidationError("--quiet and --verbose can't both be asked for.")
    }
    guard jobs.map({ $0 >= 1 }) ?? true else {
      throw ValidationError("--jobs takes a whole number from 1.")
    }
    guard timeout.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--timeout takes a number above 0.")
    }
    guard memory.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--memory takes a number above 0.")
    }
  }

  /// Refuses kernels that BLAS doesn't know: it would take its own choice without a word.
  func checkBLASCore() throws(RequestError) {
    let known = ["auto"] + BLAS.coreTypes
    guard let blasCore, !known.contains(where: { $0.lowercased() == blasCore.lowercased() }) else {
      return
    }
    throw .unknown(.blasCore, name: blasCore, known: known)
  }

  /// The limits that the options set; nil where they set none.
  var limits: Plan.Limits? {
    timeout == nil && memory == nil ? nil : Plan.Limits(timeout: timeout, memory: memory)
  }

  /// Runs what is missing of a plan in the store of a folder, on this machine unless Slurm is asked.
  ///
  /// `whenChecked` is called once plan and data are known to be fine, before any cell is run.
  ///
  /// - Returns: the run, and whether every cell was run.
  func execute(
    _ plan: Plan, data: DataOptions, catalogue: DataCatalogue, folder: String,
    _ interrupt: Interrupt, slurm: SlurmLauncher? = nil, whenChecked: () throws -> Void = {}
  ) throws -> (run: Run, isComplete: Bool) {
    try checkBLASCore()
    let progress = Progress(log)
    let store = try ResultStore(path: "\(folder)/results.sqlite")
    let run = try Run(plan, catalogue: catalogue, store: store)
    try whenChecked()
    defer { progress.end() }
    func execute(on launcher: some Launcher) throws -> Bool {
      try run.execute(
        on: launcher, isCancelled: { interrupt.isRequested }, report: { progress.report($0) })
    }
    let isComplete =
      if let slurm {
        try execute(on: slurm)
      } else {
        try execute(on: local(plan, data: data, folder: folder))
      }
    return (run, isComplete)
  }

  /// What the run says on standard error.
  var log: Logger { .plain(quiet ? .error : verbose ? .debug : .info) }

  /// The launcher of a plan's cells on this machine, whose workers keep networks below a folder.
  func local(_ plan: Plan, data: DataOptions, folder: String) -> LocalLauncher {
    let workers = WorkerOptions(
      command: ["/proc/self/exe", "worker", "--networks", "\(folder)/networks"] + data.arguments,
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      timeout: timeout ?? plan.limits?.timeout ?? 3600,
      memory: (memory ?? plan.limits?.memory ?? 8) * 1e9 / 0x1p20, blasCore: blasCore,
      explain: { ErrorMessages.sentence(for: $0) })
    let provenance = RunProvenance(
      of: plan, started: Date.now.formatted(.iso8601), processor: Machine.processor,
      cores: Machine.cores,
      kernels: blasCore ?? ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] ?? "")
    return LocalLauncher(workers, provenance: provenance)
  }

  /// The arguments that set the same limits.
  var limitArguments: [String] {
    (timeout.map { ["--timeout", "\($0)"] } ?? []) + (memory.map { ["--memory", "\($0)"] } ?? [])
      + (blasCore.map { ["--blas-core", $0] } ?? [])
  }
}
