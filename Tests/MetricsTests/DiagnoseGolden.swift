import Domains
import Foundation
import LinearAlgebra
import Metrics
import Randomness
import TestSupport

/// The values that Scripts/golden/diagnose.py recorded.
struct DiagnoseGolden: Decodable {
  struct Pair: Decodable {
    let name: String
    let source: [[Double]]
    let target: [[Double]]
    let directions: [[Double]]
    let values: [String: Double?]
    let fitted: [[Int]]?
    let proxy: Proxy?
  }

  struct Proxy: Decodable {
    let value: Double
    let low: Double
    let high: Double
    let pValue: Double
  }

  struct Shift: Decodable {
    let name: String
    let labels: [Int]
    let sourceAnswers: [Int]
    let targetAnswers: [Int]
    let classCount: Int
    let shares: [Double]
    let distance: Double
  }

  struct Target: Decodable {
    let name: String
    let outputs: [[Double]]
    let labels: [Int]
    let values: [String: Double?]
  }

  struct Ranking: Decodable {
    let left: [Double]
    let right: [Double]
    let tau: Double?
  }

  let pairs: [Pair]
  let labelShifts: [Shift]
  let targets: [Target]
  let rankings: [Ranking]

  static func read() throws -> DiagnoseGolden {
    let file = Fixtures.golden("diagnose.json", of: "MetricsTests")
    return try JSONDecoder().decode(DiagnoseGolden.self, from: Data(contentsOf: file))
  }
}

extension UnlabelledSample {
  /// The sample of these rows.
  init(_ rows: [[Double]]) {
    self.init(features: Matrix(rows))
  }

  /// A standard normal sample, moved by `shift` in its first column.
  static func normal(_ count: Int, _ width: Int, shift: Double = 0, key: RandomKey) -> Self {
    var stream = RandomStream(key)
    return UnlabelledSample(
      (0..<count).map { _ in
        (0..<width).map { column in stream.normal() + (column == 0 ? shift : 0) }
      })
  }
}
