import Domains
import Foundation
import LinearAlgebra
import TestSupport

/// The values that Scripts/golden/mappings.py recorded.
struct MappingsGolden: Decodable {
  struct Denoising: Decodable {
    let noise: Double
    let ridge: Double
    let layers: Int
    let map: Golden.Values
    let last: Golden.Values
  }

  struct Spreading: Decodable {
    let alpha: Double
    let neighbours: Int
    let graph: String
    let answers: Golden.Values
  }

  struct Confusion: Decodable {
    let confusion: Golden.Values
    let marginal: [Double]
    let ratios: [Double]
  }

  struct KernelRatios: Decodable {
    let gamma: Double
    let bound: Double
    let target: Golden.Values
    let ratios: [Double]
    let objective: Double
    let skada: [Double]?
  }

  struct Exchange: Decodable {
    let classCount: Int
    let share: Double
    let tolerance: Double
    let kernel: String
    let source: Golden.Values
    let labels: [Int]
    let target: Golden.Values
    let rounds: Int
    let given: [Int]
    let named: [Int]
  }

  struct LocationScale: Decodable {
    let penalty: Double
    let source: Golden.Values
    let target: Golden.Values
    let point: [Double]
    let value: Double
    let gradient: [Double]
    let minimum: Double
  }

  struct Subspace: Decodable {
    let base: String
    let strength: Double
    let shrinkage: Double
    let dimensions: Int
    let point: [Double]
    let value: Double
    let gradient: [Double]
  }

  struct Assignment: Decodable {
    let costs: Golden.Values
    let total: Double
    let classes: [Int]
    let empty: Int
  }

  let provenance: [String: String]
  let source: Golden.Values
  let labels: [Int]
  let target: Golden.Values
  let msda: [Denoising]
  let spreading: [Spreading]
  let confusions: [Confusion]
  let kernelRatios: [KernelRatios]
  let exchange: [Exchange]
  let assignments: [Assignment]
  let locationScale: [LocationScale]
  let subspaces: [Subspace]

  var labelledSource: LabelledSample {
    LabelledSample(features: source.matrix, labels: labels, classCount: 3)
  }

  static func read() throws -> MappingsGolden {
    let data = try Data(contentsOf: Fixtures.golden("mappings.json", of: "MethodsTests"))
    return try JSONDecoder().decode(MappingsGolden.self, from: data)
  }
}
