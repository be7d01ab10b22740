import Domains
import Foundation
import LinearAlgebra
import TestSupport

/// The values that Scripts/golden/transport.py recorded.
struct TransportGolden: Decodable {
  struct Exact: Decodable {
    let cost: Double
    let moved: Golden.Values
    let sourceMasses: [Double]
    let targetMasses: [Double]
    let weightedCost: Double
  }

  struct Assignment: Decodable {
    let cost: Golden.Values
    let value: Double
  }

  struct Concave: Decodable {
    let entropy: Double
    let strength: Double
    let rounds: Int
    let plan: Golden.Values
  }

  struct Convex: Decodable {
    let entropy: Double
    let strength: Double
    let plan: Golden.Values
    let residual: Double
  }

  struct Linear: Decodable {
    let ridge: Double
    let moved: Golden.Values
  }

  struct Propagation: Decodable {
    let entropy: Double
    let shares: Golden.Values
  }

  struct Joint: Decodable {
    let labelShare: Double
    let objectives: [Double]
    let losses: [Double]
    let probabilities: Golden.Values
  }

  struct Costs: Decodable {
    let metric: String
    let matrix: Golden.Values
    /// Samples moved by the exact plan.
    let moved: Golden.Values
  }

  let provenance: [String: String]
  let source: Golden.Values
  let labels: [Int]
  let target: Golden.Values
  let wideSource: Golden.Values
  let wideTarget: Golden.Values
  let exact: Exact
  let assignment: Assignment
  let concave: [Concave]
  let convex: [Convex]
  let linear: [Linear]
  let uncentredLinear: [Linear]
  let uncentredWideLinear: Linear
  let costs: [Costs]
  let wideLinear: Linear
  let propagation: [Propagation]
  let joint: [Joint]

  var labelledSource: LabelledSample {
    LabelledSample(features: source.matrix, labels: labels, classCount: 3)
  }

  var unlabelledTarget: UnlabelledSample { UnlabelledSample(features: target.matrix) }

  static func read() throws -> TransportGolden {
    let data = try Data(contentsOf: Fixtures.golden("transport.json", of: "MethodsTests"))
    return try JSONDecoder().decode(TransportGolden.self, from: data)
  }
}
