import Domains
import Foundation
import LinearAlgebra
import TestSupport

/// The values that Scripts/golden/subspace.py recorded.
struct SubspaceGolden: Decodable {
  struct Flow: Decodable {
    let components: Int
    let products: Golden.Values
  }

  struct Matching: Decodable {
    let gaussian: Bool
    let regularization: Double
    let components: Int
    let rounds: Int
    let embedding: Golden.Values
    let sizes: [Double]
  }

  struct Balanced: Decodable {
    let balance: Double
    let weighted: Bool
    let regularization: Double
    let components: Int
    let rounds: Int
    let labels: [Int]
  }

  struct Coupled: Decodable {
    let components: Int
    let variance: Double
    let discrimination: Double
    let closeness: Double
    let rounds: Int
    let projections: Golden.Values
    let labels: [Int]
  }

  struct Embedded: Decodable {
    let components: Int
    let neighbours: Int
    let balance: Double
    let alignment: Double
    let shrinkage: Double
    let smoothness: Double
    let rounds: Int
    let probabilities: Golden.Values
  }

  let provenance: [String: String]
  let source: Golden.Values
  let labels: [Int]
  let target: Golden.Values
  let wideSource: Golden.Values
  let wideLabels: [Int]
  let wideTarget: Golden.Values
  let gfk: [Flow]
  let wideGfk: [Flow]
  let disagreement: [Int]
  let tjm: [Matching]
  let wideTjm: [Matching]
  let bda: [Balanced]
  let wideBda: [Balanced]
  let balance: Double
  let jgsa: [Coupled]
  let wideJgsa: [Coupled]
  let meda: [Embedded]
  let wideMeda: [Embedded]

  /// A labelled source and a target: more samples than features, and fewer.
  struct Task {
    let source: LabelledSample
    let target: UnlabelledSample
  }

  var tall: Task { Task(source: sample(source, labels, 3), target: features(target)) }
  var wide: Task { Task(source: sample(wideSource, wideLabels, 2), target: features(wideTarget)) }

  private func sample(_ values: Golden.Values, _ labels: [Int], _ classes: Int) -> LabelledSample {
    LabelledSample(features: values.matrix, labels: labels, classCount: classes)
  }

  private func features(_ values: Golden.Values) -> UnlabelledSample {
    UnlabelledSample(features: values.matrix)
  }

  static func read() throws -> SubspaceGolden {
    let data = try Data(contentsOf: Fixtures.golden("subspace.json", of: "MethodsTests"))
    return try JSONDecoder().decode(SubspaceGolden.self, from: data)
  }
}
