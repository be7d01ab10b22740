import Foundation
import Synchronization

/// How workers are started and what a cell may use.
public struct WorkerOptions: Sendable {
  /// The executable and its arguments that make it a worker.
  public var command: [String]
  /// The number of workers.
  public var jobs: Int
  /// Wall time that a cell may take, in seconds.
  public var timeout: Double
  /// Memory that a worker may hold, in MiB.
  public var memory: Double
  /// The BLAS kernels for the workers; nil follows the environment.
  public var blasCore: String?
  /// Words for what stopped a worker.
  public var explain: @Sendable (WorkerFailure) -> String

  /// Options.
  public init(
    command: [String], jobs: Int, timeout: Double, memory: Double, blasCore: String?,
    explain: @escaping @Sendable (WorkerFailure) -> String
  ) {
    self.command = command
    self.jobs = jobs
    self.timeout = timeout
    self.memory = memory
    self.blasCore = blasCore
    self.explain = explain
  }
}

/// What stopped a worker before it answered.
///
/// Facts only: their wording is the command line's.
public enum WorkerFailure: Error, Sendable, Hashable {
  /// The worker ended without an answer; the status is its exit code or signal.
  case ended(status: Int32, bySignal: Bool)
  /// The cell ran longer than its limit, in seconds.
  case timedOut(seconds: Double)
  /// The worker held more memory than its limit, in MiB.
  case outOfMemory(mebibytes: Double)
  /// The answer wasn't one.
  case malformedAnswer
  /// The worker could not be started.
  case notStarted(reason: String)

  var outcome: Outcome {
    switch self {
    case .timedOut: .timedOut
    case .outOfMemory: .outOfMemory
    default: .failed
    }
  }
}

/// Runs cells in worker processes; whatever happens to a worker costs one cell.
struct WorkerPool: Sendable {
  let options: WorkerOptions
  /// Says whether to stop.
  let isCancelled: @Sendable () -> Bool

  /// Runs the cells and hands each report on as it comes.
  ///
  /// `started` and `finished` are called from the workers' threads, one at a time.
  func run(
    _ cells: [Cell], started: @escaping @Sendable (Cell) -> Void,
    finished: @escaping @Sendable (Cell, CellReport) -> Void
  ) {
    let next = Atomic(0)
    let turn = Mutex(())
    let group = DispatchGroup()
    for number in 0..<min(options.jobs, cells.count) {
      group.enter()
      Thread.detachNewThread { [self] in
        var worker: WorkerProcess?
        while !isCancelled() {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < cells.count else { break }
          let cell = cells[index]
          turn.withLock { _ in started(cell) }
          let startedAt = Date.now.formatted(.iso8601)
          var report: CellReport
          do throws(WorkerFailure) {
            let process: WorkerProcess
            if let running = worker {
              process = running
            } else {
              process = try WorkerProcess(options)
            }
            worker = process
            guard let answer = try process.run(cell, options, isCancelled) else { break }
            report = answer
            // Who is ended along with this process says so as a failure of the cell.
            if isCancelled(), answer.outcome.isFailure { break }
          } catch {
            worker?.kill()
            worker = nil
            if isCancelled() { break }
            report = CellReport(
              cell: cell.id, outcome: error.outcome, reason: options.explain(error))
          }
          report.worker = number
          report.started = startedAt
          turn.withLock { [report] _ in finished(cell, report) }
        }
        worker?.kill()
        group.leave()
      }
    }
    group.wait()
  }
}

/// One worker process and its two pipes.
private final class WorkerProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var pending = Data()
  /// How many bytes of `pending` are known to hold no end of a line.
  private var searched = 0

  init(_ options: WorkerOptions) throws(WorkerFailure) {
    process.executableURL = URL(fileURLWithPath: options.command[0])
    process.arguments = Array(options.command.dropFirst())
    var environment = ProcessInfo.processInfo.environment
    environment["OPENBLAS_NUM_THREADS"] = "1"
    if let core = options.blasCore {
      environment["OPENBLAS_CORETYPE"] = core == "auto" ? nil : core
    }
    process.environment = environment
    process.standardInput = input
    process.standardOutput = output
    do {
      try process.run()
    } catch {
      throw .notStarted(reason: error.localizedDescription)
    }
  }

  /// The report on a cell; nil where the run was cancelled meanwhile.
  func run(
    _ cell: Cell, _ options: WorkerOptions, _ isCancelled: () -> Bool
  ) throws(WorkerFailure) -> CellReport? {
    do {
      var line = try JSONEncoder().encode(cell)
      line.append(UInt8(ascii: "\n"))
      try input.fileHandleForWriting.write(contentsOf: line)
    } catch {
      throw ended()
    }
    // A clock can't count to every number: 30 years stand for no limit.
    let deadline = ContinuousClock.now + .seconds(min(options.timeout, 1e9))
    let descriptor = output.fileHandleForReading.fileDescriptor
    while true {
      if let end = lineEnd() {
        let answer = pending.prefix(end)
        pending = Data(pending.dropFirst(end + 1))
        guard let report = try? JSONDecoder().decode(CellReport.self, from: answer),
          report.cell == cell.id
        else { throw .malformedAnswer }
        return report
      }
      if isCancelled() { return nil }
      if ContinuousClock.now > deadline { throw .timedOut(seconds: options.timeout) }
      if let held = PeakMemory.mebibytes(ofFamily: process.processIdentifier),
        held > options.memory
      {
        throw .outOfMemory(mebibytes: held)
      }
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&watched, 1, 50) > 0 else { continue }
      let bytes = output.fileHandleForReading.availableData
      guard !bytes.isEmpty else { throw ended() }
      pending.append(bytes)
    }
  }

  /// The length of the first line of what was read; nil before its end has come.
  ///
  /// An answer holds all probabilities, and each byte is looked at once.
  private func lineEnd() -> Int? {
    let end = pending.withUnsafeBytes { bytes in
      bytes[searched...].firstIndex(of: UInt8(ascii: "\n"))
    }
    searched = end == nil ? pending.count : 0
    return end
  }

  private func ended() -> WorkerFailure {
    // A program that outlived its worker holds what is waited for.
    Foundation.kill(-process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return .ended(
      status: process.terminationStatus, bySignal: process.terminationReason == .uncaughtSignal)
  }

  /// Ends the worker, and the program that it runs: both are of one process group.
  func kill() {
    let worker = process.processIdentifier
    Foundation.kill(-worker, SIGKILL)
    if process.isRunning { Foundation.kill(worker, SIGKILL) }
    process.waitUntilExit()
    ScratchFolder.remove(ofWorker: worker)
  }
}
