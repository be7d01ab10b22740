import Domains
import Foundation
import LinearAlgebra
import TestSupport

/// The values that Scripts/golden/reweighting.py recorded.
struct ReweightingGolden: Decodable {
  struct Discriminator: Decodable {
    let cost: Double
    let weights: [Double]
  }

  struct Density: Decodable {
    let bandwidth: Double
    let weights: [Double]
  }

  struct Matching: Decodable {
    let gamma: Double
    let bound: Double
    let target: Golden.Values
    let objective: Double
    let sum: Double
    let largest: Double
  }

  struct Divergence: Decodable {
    let gamma: Double
    let likelihood: Double
    let weights: [Double]
    let adaptLikelihood: Double
  }

  struct LeastSquares: Decodable {
    let mixture: Double
    let gamma: Double
    let ridge: Double
    let weights: [Double]
    let score: Double
  }

  struct LabelShift: Decodable {
    let posteriors: Golden.Values
    let sourcePriors: [Double]
    let targetPriors: [Double]
  }

  struct Boosting: Decodable {
    let rounds: Int
    let classCount: Int
    let source: Golden.Values
    let labels: [Int]
    let shots: Golden.Values
    let shotLabels: [Int]
    let target: Golden.Values
    let errors: [Double]
    let probabilities: Golden.Values
  }

  let provenance: [String: String]
  let source: Golden.Values
  let labels: [Int]
  let target: Golden.Values
  let discriminator: [Discriminator]
  let gaussianShrunk: [Double]
  let gaussianEmpirical: [Double]
  let density: [Density]
  let kernelMeanMatching: [Matching]
  let kliep: [Divergence]
  let leastSquares: [LeastSquares]
  let labelShift: [LabelShift]
  let tradaboost: [Boosting]

  var labelledSource: LabelledSample {
    LabelledSample(features: source.matrix, labels: labels, classCount: 3)
  }

  static func read() throws -> ReweightingGolden {
    let data = try Data(contentsOf: Fixtures.golden("reweighting.json", of: "MethodsTests"))
    return try JSONDecoder().decode(ReweightingGolden.self, from: data)
  }
}

/// The largest difference between two lists of weights, relative to the largest weight.
func relativeDifference(_ left: [Double], _ right: [Double]) -> Double {
  relativeDifference(
    Matrix(rows: 1, columns: left.count, elements: left),
    Matrix(rows: 1, columns: right.count, elements: right))
}
