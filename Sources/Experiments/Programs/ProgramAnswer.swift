import Domains
import LinearAlgebra

/// What a program answered for the test samples.
enum ProgramAnswer: Sendable {
  /// The class probabilities, n × C.
  case probabilities(Matrix<Double>)
  /// The clusters.
  case clusters([Int32])

  /// How far the sum of a row of probabilities may lie from 1: what single precision leaves.
  private static let tolerance = 1e-3

  /// Reads the answer of a classifier: a class for each of `count` samples, or a probability for
  /// each sample and class.
  static func classes(
    in folder: String, count: Int, classCount: Int
  ) throws(CellFailure) -> ProgramAnswer {
    let array = try read(folder)
    var probabilities = Matrix<Double>(rows: count, columns: classCount, repeating: 0)
    switch array.shape {
    case [count]:
      for (row, value) in array.values.enumerated() {
        let label = try index(value, at: row, below: classCount, "a class")
        probabilities[row, label] = 1
      }
    case [count, classCount]:
      for row in 0..<count {
        let values = array.values[row * classCount..<(row + 1) * classCount]
        let sum = values.reduce(0, +)
        guard values.allSatisfy({ $0 >= 0 && $0.isFinite }), abs(sum - 1) <= tolerance else {
          throw .answer(
            place: "row \(row)", expected: "\(classCount) probabilities with the sum 1",
            found: sum.isFinite && values.allSatisfy { $0 >= 0 }
              ? "the sum \(sum)" : "a number that is none")
        }
        for (column, value) in values.enumerated() { probabilities[row, column] = value / sum }
      }
    default:
      throw .answer(
        place: "its shape", expected: "(\(count),) or (\(count), \(classCount))",
        found: text(array.shape))
    }
    return .probabilities(probabilities)
  }

  /// Reads the answer of a clustering: a cluster for each of `count` samples.
  static func clusters(in folder: String, count: Int) throws(CellFailure) -> ProgramAnswer {
    let array = try read(folder)
    guard array.shape == [count] else {
      throw .answer(place: "its shape", expected: "(\(count),)", found: text(array.shape))
    }
    var clusters: [Int32] = []
    for (row, value) in array.values.enumerated() {
      clusters.append(Int32(try index(value, at: row, below: 1_000_000, "a cluster")))
    }
    return .clusters(clusters)
  }

  private static func read(_ folder: String) throws(CellFailure) -> NumericArray {
    do {
      return try NumPyFile.readNPY("\(folder)/\(ProgramTask.answerName)")
    } catch {
      switch error {
      case .missing: throw .noAnswer
      case .malformed(_, let place, let expected, let found):
        throw .answer(place: place, expected: expected, found: found)
      default: throw .data(error)
      }
    }
  }

  private static func index(
    _ value: Double, at row: Int, below bound: Int, _ noun: String
  ) throws(CellFailure) -> Int {
    guard let index = Int(exactly: value), (0..<bound).contains(index) else {
      throw .answer(
        place: "row \(row)", expected: "\(noun) from 0 to \(bound - 1)", found: "\(value)")
    }
    return index
  }

  private static func text(_ shape: [Int]) -> String {
    "(" + shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? ",)" : ")")
  }
}
