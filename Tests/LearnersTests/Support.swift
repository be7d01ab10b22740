import Foundation
import Learners
import LinearAlgebra
import Randomness
import TestSupport

/// A file of cases that Scripts/golden/learners.py wrote.
struct GoldenFile<Case: Decodable & Sendable>: Decodable, Sendable {
  let cases: [Case]

  static func cases(_ name: String) throws -> [Case] {
    let data = try Data(contentsOf: Fixtures.golden("\(name).json", of: "LearnersTests"))
    return try JSONDecoder().decode(GoldenFile.self, from: data).cases
  }
}

/// Labelled samples drawn by our own streams.
struct Drawn {
  var features: Matrix<Double>
  var labels: [Int]
  let classCount: Int

  /// Clouds of unit variance round random centres, a class each.
  static func clouds(
    _ count: Int, features width: Int, classes: Int, spread: Double = 2, seed: UInt64 = 0
  ) -> Drawn {
    var stream = RandomStream(RandomKey(seed: seed).child("clouds"))
    let centres = Matrix(
      rows: classes, columns: width,
      elements: (0..<classes * width).map { _ in spread * stream.normal() })
    let labels = (0..<count).map { $0 < classes ? $0 : stream.integer(below: classes) }
    var features = Matrix<Double>(rows: count, columns: width)
    for row in 0..<count {
      for column in 0..<width {
        features[row, column] = centres[labels[row], column] + stream.normal()
      }
    }
    return Drawn(features: features, labels: labels, classCount: classes)
  }

  /// Features among few whole numbers: many points are equal, and many distances.
  static func lattice(_ count: Int, features width: Int, classes: Int, seed: UInt64) -> Drawn {
    var stream = RandomStream(RandomKey(seed: seed).child("lattice"))
    let features = Matrix(
      rows: count, columns: width,
      elements: (0..<count * width).map { _ in Double(stream.integer(below: 4)) })
    return Drawn(
      features: features, labels: (0..<count).map { _ in stream.integer(below: classes) },
      classCount: classes)
  }

  func selecting(_ rows: [Int]) -> Drawn {
    Drawn(
      features: features.selecting(rows: rows), labels: rows.map { labels[$0] },
      classCount: classCount)
  }
}

let key = RandomKey(seed: 1)

func largestDifference(_ left: Matrix<Double>, _ right: Matrix<Double>) -> Double {
  guard left.rows == right.rows, left.columns == right.columns else { return .infinity }
  return largestDifference(left.elements, right.elements)
}

func largestDifference(_ left: [Double], _ right: [Double]) -> Double {
  guard left.count == right.count else { return .infinity }
  return zip(left, right).reduce(0) { $1.0 == $1.1 ? $0 : max($0, abs($1.0 - $1.1)) }
}

/// The most probable class of each row, the lowest on ties.
func predictions(_ probabilities: Matrix<Double>) -> [Int] {
  (0..<probabilities.rows).map { row in
    let entries = Array(probabilities.row(row))
    return entries.indices.reduce(0) { entries[$1] > entries[$0] ? $1 : $0 }
  }
}
