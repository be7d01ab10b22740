import Foundation
import Learners
import LinearAlgebra
import TestSupport

/// The values that Scripts/golden/clustering.py recorded.
struct ClusteringGolden: Decodable {
  struct Mixture: Decodable {
    let weights: [Double]
    let means: Golden.Values
    let variances: Golden.Values
    var model: GaussianMixtureModel {
      GaussianMixtureModel(weights: weights, means: means.matrix, variances: variances.matrix)
    }
  }

  struct Adapted: Decodable {
    let relevance: Double
    let iterations: Int
    let weights: [Double]
    let means: Golden.Values
    let variances: Golden.Values
  }

  struct Transport: Decodable {
    let shares: [Double]
    let barycentres: [Barycentre]
  }

  struct Barycentre: Decodable {
    let entropy: Double
    let rounds: Int
    let centroids: Golden.Values
  }

  struct Spectral: Decodable {
    let neighbours: Int
    let alone: Golden.Values
    let results: [Embedding]
  }

  struct Embedding: Decodable {
    let weight: Double
    let objective: Double
    let gram: Golden.Values
  }

  let provenance: [String: String]
  let source: Golden.Values
  let target: Golden.Values
  let start: Mixture
  let maximumAPosteriori: [Adapted]
  let transport: Transport
  let spectral: Spectral

  static func read() throws -> ClusteringGolden {
    let data = try Data(contentsOf: Fixtures.golden("clustering.json", of: "MethodsTests"))
    return try JSONDecoder().decode(ClusteringGolden.self, from: data)
  }
}
