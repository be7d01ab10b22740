public import Domains
import Foundation
import LinearAlgebra
import Methods

/// The loop of a worker process: a cell as a line of JSON in, its report as a line of JSON out.
///
/// It keeps the last pair and the last split's samples, because cells come grouped by them.
public struct Worker {
  private let catalogue: DataCatalogue
  private let networks: NetworkArchive?
  private let explain: @Sendable (any Error) -> String
  private var pair: DomainPair?
  private var samples: SplitSamples?

  /// A worker that finds its data through a catalogue, keeps networks that sources train in a
  /// folder and words failures by `explain`.
  public init(
    catalogue: DataCatalogue, networks folder: String? = nil,
    explain: @escaping @Sendable (any Error) -> String
  ) {
    self.catalogue = catalogue
    networks = folder.map { NetworkArchive(folder: $0, edition: TransferBench.version) }
    self.explain = explain
  }

  /// Answers until the standard input ends.
  ///
  /// - Throws: a `DecodingError` where a line is no cell, or what stops the output.
  public mutating func run() throws {
    OwnProcessGroup.make()
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
      let result = try cell.execute(on: load(cell.pair), samples: &samples, networks: networks)
      return CellReport(
        cell: cell.id, outcome: .completed, predictions: result.predictions,
        judgement: result.judgement, fitSeconds: result.fitSeconds,
        predictSeconds: result.predictSeconds,
        peakMemory: max(PeakMemory.mebibytes, result.programMemory), kernels: BLAS.coreType)
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
