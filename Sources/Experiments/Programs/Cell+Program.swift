import Domains
import Foundation
import LinearAlgebra
import Methods
import Parameters
import Randomness

extension Cell {
  /// Hands a task to a program and reads its answer.
  ///
  /// - Returns: the answer, and the most memory that the program held, in MiB.
  func answer(
    of program: ExternalProgram, parameters: [Assignment], to grant: ProgramTask.Grant,
    test: UnlabelledSample, classCount: Int
  ) throws(CellFailure) -> (answer: ProgramAnswer, memory: Double) {
    var stream = RandomStream(fitKey.child("program"))
    let task = ProgramTask(
      grant: grant, test: test, classCount: classCount, seed: stream.integer(below: 1 << 31),
      parameters: parameters)
    let worker = getpid()
    ScratchFolder.remove(ofWorker: worker)
    defer { ScratchFolder.remove(ofWorker: worker) }
    let folder = ScratchFolder.path(ofWorker: worker)
    do {
      // Nobody else's folder: in a shared place another could lie there.
      guard mkdir(folder, 0o700) == 0 else {
        throw DomainError.unwritable(path: folder, reason: String(cString: strerror(errno)))
      }
      try task.write(to: folder)
    } catch let error as DomainError {
      throw .data(error)
    } catch {
      preconditionFailure("Writing a task throws nothing but a domain error.")
    }
    let memory = try ProgramProcess(words: program.words, folder: folder).run()
    let answer: ProgramAnswer =
      if case .unsupervised = grant {
        try .clusters(in: folder, count: test.count)
      } else {
        try .classes(in: folder, count: test.count, classCount: classCount)
      }
    return (answer, memory)
  }
}

extension CellPredictions {
  /// What a program answered for these target rows; of the held-out source it is not asked.
  init(rows: [Int], _ answer: ProgramAnswer) {
    let (probabilities, clusters): ([Double], [Int32]) =
      switch answer {
      case .probabilities(let matrix): (matrix.elements, [])
      case .clusters(let clusters): ([], clusters)
      }
    self.init(
      rows: rows.map(Int32.init), probabilities: probabilities, clusters: clusters,
      sourceRows: [], sourceProbabilities: [])
  }
}
