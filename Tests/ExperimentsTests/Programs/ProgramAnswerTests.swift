import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Domains
@testable import Experiments

struct ProgramAnswerTests {
  /// Writes an answer into a folder of its own and hands that on.
  private func withAnswer<Value>(
    _ array: NPZArray?, _ body: (String) throws -> Value
  ) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    if let array {
      try Data(NPYEncoder.bytes(of: array))
        .write(to: URL(fileURLWithPath: "\(folder)/\(ProgramTask.answerName)"))
    }
    return try body(folder)
  }

  private func classes(_ array: NPZArray?, count: Int = 2) throws -> Matrix<Double>? {
    try withAnswer(array) {
      let answer = try ProgramAnswer.classes(in: $0, count: count, classCount: 3)
      if case .probabilities(let matrix) = answer { return matrix }
      return nil
    }
  }

  @Test func classesAreCertainties() throws {
    #expect(
      try classes(.integers([2, 0])) == Matrix(rows: 2, columns: 3, elements: [0, 0, 1, 1, 0, 0]))
  }

  @Test func probabilitiesOfSinglePrecisionAreMadeToSumToOne() throws {
    let stated = Matrix(rows: 2, columns: 3, elements: [0.25, 0.25, 0.5002, 0, 0, 1])
    let matrix = try #require(try classes(.matrix(stated)))
    for row in 0..<2 { #expect(abs(matrix.row(row).reduce(0, +) - 1) < 1e-15) }
    #expect(abs(matrix[0, 0] - 0.25 / 1.0002) < 1e-15)
  }

  @Test func whatIsNoAnswerIsSaid() {
    #expect(throws: CellFailure.noAnswer) { try classes(nil) }
    #expect(
      throws: CellFailure.answer(
        place: "its shape", expected: "(2,) or (2, 3)", found: "(1,)")
    ) { try classes(.integers([1])) }
    #expect(
      throws: CellFailure.answer(
        place: "row 1", expected: "a class from 0 to 2", found: "3.0")
    ) { try classes(.integers([0, 3])) }
    #expect(
      throws: CellFailure.answer(
        place: "row 0", expected: "3 probabilities with the sum 1", found: "the sum 0.75")
    ) {
      try classes(.matrix(Matrix(rows: 2, columns: 3, elements: [0.25, 0.25, 0.25, 0, 0, 1])))
    }
    for wrong in [Double.nan, .infinity, -1] {
      #expect(
        throws: CellFailure.answer(
          place: "row 0", expected: "3 probabilities with the sum 1",
          found: "a number that is none")
      ) {
        try classes(.matrix(Matrix(rows: 2, columns: 3, elements: [wrong, 1 - wrong, 0, 0, 0, 1])))
      }
    }
    #expect(throws: CellFailure.self) { try classes(.strings(["a", "b"])) }
  }

  @Test func clustersMayBeMoreThanTheClasses() throws {
    let answer = try withAnswer(.integers([7, 0])) { try ProgramAnswer.clusters(in: $0, count: 2) }
    guard case .clusters(let clusters) = answer else {
      Issue.record("A clustering answers with clusters.")
      return
    }
    #expect(clusters == [7, 0])
    #expect(throws: CellFailure.self) {
      try withAnswer(.integers([-1, 0])) { try ProgramAnswer.clusters(in: $0, count: 2) }
    }
  }
}
