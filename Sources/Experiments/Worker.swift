public import Domains
import Foundation
import LinearAlgebra

/// How one cell ended: what a worker answers.
public struct CellReport: Sendable, Codable {
  /// The cell's id.
  public let cell: String
  /// How it ended.
  public let outcome: Outcome
  /// Why it gave no predictions; empty where it did.
  public let reason: String
  /// What it predicted.
  public private(set) var predictions: CellPredictions?
  /// Wall time of the fit, in seconds.
  public let fitSeconds: Double
  /// Wall time of the prediction, in seconds.
  public let predictSeconds: Double
  /// The most memory that the worker held while it ran the cell, in MiB.
  public let peakMemory: Double
  /// The number of the worker that ran it.
  public var worker: Int
  /// When it was started, ISO 8601.
  public var started: String

  init(
    cell: String, outcome: Outcome, reason: String = "", predictions: CellPredictions? = nil,
    fitSeconds: Double = 0, predictSeconds: Double = 0, peakMemory: Double = 0, worker: Int = 0,
    started: String = ""
  ) {
    self.cell = cell
    self.outcome = outcome
    self.reason = reason
    self.predictions = predictions
    self.fitSeconds = fitSeconds
    self.predictSeconds = predictSeconds
    self.peakMemory = peakMemory
    self.worker = worker
    self.started = started
  }
}

extension CellReport {
  /// The report without its arrays.
  var withoutPredictions: CellReport {
    var report = self
    report.predictions = nil
    return report
  }
}

/// The loop of a worker process: a cell as a line of JSON in, its report as a line of JSON out.
///
/// It keeps the last pair, because cells come grouped by pair.
public struct Worker {
  private let catalogue: DataCatalogue
  private let explain: @Sendable (any Error) -> String
  private var pair: DomainPair?

  /// A worker that finds its data through a catalogue and words failures by `explain`.
  public init(catalogue: DataCatalogue, explain: @escaping @Sendable (any Error) -> String) {
    self.catalogue = catalogue
    self.explain = explain
  }

  /// Answers until the standard input ends.
  public mutating func run() throws {
    let output = FileHandle.standardOutput
    while let line = readLine() {
      let cell = try JSONDecoder().decode(Cell.self, from: Data(line.utf8))
      PeakMemory.reset()
      var answer = try JSONEncoder().encode(report(on: cell))
      answer.append(UInt8(ascii: "\n"))
      try output.write(contentsOf: answer)
    }
  }

  private mutating func report(on cell: Cell) -> CellReport {
    do {
      let result = try cell.execute(on: load(cell.pair))
      return CellReport(
        cell: cell.id, outcome: .completed, predictions: result.predictions,
        fitSeconds: result.fitSeconds, predictSeconds: result.predictSeconds,
        peakMemory: PeakMemory.mebibytes)
    } catch let failure as CellFailure {
      return CellReport(
        cell: cell.id, outcome: failure.outcome, reason: explain(failure),
        peakMemory: PeakMemory.mebibytes)
    } catch {
      return CellReport(
        cell: cell.id, outcome: .failed, reason: explain(error), peakMemory: PeakMemory.mebibytes)
    }
  }

  private mutating func load(_ name: String) throws(DomainError) -> DomainPair {
    if let pair, pair.id.description == name { return pair }
    guard let id = PairID(name) else { throw .unknownPair(name: name, known: []) }
    pair = nil
    let loaded = try catalogue.load(id)
    pair = loaded
    return loaded
  }
}

/// The most memory that this process has held resident, from Linux's /proc.
enum PeakMemory {
  /// Starts measuring anew; where the kernel doesn't allow it the process's own peak is kept.
  static func reset() {
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
  }

  static var mebibytes: Double {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Double($0)
      })
    else { return 0 }
    return kibibytes / 1024
  }

  /// The memory that another process holds resident now.
  static func mebibytes(ofProcess process: Int32) -> Double? {
    guard let statm = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8),
      let pages = statm.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    else { return nil }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
  }
}
