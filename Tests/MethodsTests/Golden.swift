import Domains
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// The values that Scripts/golden/methods.py recorded.
struct Golden: Decodable {
  struct Values: Decodable {
    let rows: Int
    let columns: Int
    let elements: [Double]
    var matrix: Matrix<Double> { Matrix(rows: rows, columns: columns, elements: elements) }
  }

  struct Recolouring: Decodable {
    let skada: Values
    let ridge: Values
  }

  struct Alignment: Decodable {
    let components: Int
    let source: Values
    let target: Values
  }

  struct Weights: Decodable {
    let plain: [Int]
    let smoothed: [Int]
  }

  struct Transport: Decodable {
    let epsilon: Double
    let plan: Values
    let moved: Values
  }

  struct Components: Decodable {
    let form: String
    let regularization: Double
    let components: Int
    let embedding: Values?
    let rounds: Int?
    let labels: [Int]?
  }

  struct Augmentation: Decodable {
    let logistic: Values
    let nearestMean: Values
  }

  struct Biased: Decodable {
    let strength: Double
    let probabilities: Values
  }

  struct Clusters: Decodable {
    let start: Values
    let kMeans: Values
    let pulled: [Pulled]
    let fuzzy: [Fuzzy]
  }

  struct Pulled: Decodable {
    let pull: Double
    let centroids: Values
  }

  struct Fuzzy: Decodable {
    let fuzzifier: Double
    let strength: Double
    let centroids: Values
  }

  let provenance: [String: String]
  let source: Values
  let labels: [Int]
  let target: Values
  let shots: Values
  let shotLabels: [Int]
  let wideSource: Values
  let wideLabels: [Int]
  let wideTarget: Values
  let coral: Recolouring
  let wideCoral: Values
  let subspaceAlignment: Alignment
  let nnWeights: Weights
  let sinkhorn: Transport
  let tca: [Components]
  let wideTca: [Components]
  let jda: [Components]
  let wideJda: [Components]
  let featureAugmentation: Augmentation
  let biasedLogistic: [Biased]
  let simpleShot: [String: Values]
  let clustering: Clusters

  var labelledSource: LabelledSample {
    LabelledSample(features: source.matrix, labels: labels, classCount: 3)
  }

  var labelledShots: LabelledSample {
    LabelledSample(features: shots.matrix, labels: shotLabels, classCount: 3)
  }

  var labelledWideSource: LabelledSample {
    LabelledSample(features: wideSource.matrix, labels: wideLabels, classCount: 2)
  }

  static func read() throws -> Golden {
    let data = try Data(contentsOf: Fixtures.golden("methods.json", of: "MethodsTests"))
    return try JSONDecoder().decode(Golden.self, from: data)
  }
}

/// The largest difference between entries of two matrices, relative to the largest entry.
func relativeDifference(_ left: Matrix<Double>, _ right: Matrix<Double>) -> Double {
  guard left.rows == right.rows, left.columns == right.columns else { return .infinity }
  let largest = right.elements.reduce(0) { max($0, abs($1)) }
  return (left - right).elements.reduce(0) { max($0, abs($1)) } / max(largest, 1e-300)
}

/// The matrix with its columns' signs turned to agree with another's.
func withSigns(of reference: Matrix<Double>, _ matrix: Matrix<Double>) -> Matrix<Double> {
  let signs = (0..<matrix.columns).map { column in
    zip(matrix.column(column), reference.column(column)).reduce(0) { $0 + $1.0 * $1.1 } < 0
      ? -1.0 : 1.0
  }
  return matrix.scaled(columns: signs)
}
