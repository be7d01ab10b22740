import Domains
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Methods

/// The values that Scripts/golden/adaptation.py recorded.
struct AdaptationGolden: Decodable {
  /// Methods on given features.
  struct Features: Decodable {
    let shots: [[Double]]
    let shotLabels: [Int]
    let samples: [[Double]]
    let queries: [[Double]]
    let strength: Double
    let neighbours: Int
    let updates: Int
    let assignments: [[Double]]
    let pulled: [[Double]]
    let information: [Double]
    let informed: [[Double]]

    var support: LabelledSample {
      LabelledSample(features: Matrix(shots), labels: shotLabels, classCount: 3)
    }
  }

  let features: Features

  static func read() throws -> Self {
    let data = try Data(contentsOf: Fixtures.golden("adaptation.json", of: "MethodsTests"))
    return try JSONDecoder().decode(Self.self, from: data)
  }
}
