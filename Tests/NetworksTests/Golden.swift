import Foundation
import Testing

/// The values that Scripts/golden/networks_operations.py recorded with PyTorch.
struct OperationGolden: Decodable {
  struct Array: Decodable {
    let shape: [Int]
    let values: [Double]

    var floats: [Float] { values.map { Float($0) } }
  }

  struct Attributes: Decodable {
    let stride: [Int]?
    let padding: [Int]?
    let dilation: [Int]?
    let groups: Int?
    let training: Bool?
    let epsilon: Double?
    let kernel: [Int]?
    let ceilMode: Bool?
    let countsPadding: Bool?
    let size: [Int]?
    let paddingIndex: Int?
    let heads: Int?
    let causal: Bool?
    let packed: Bool?
    let axis: Int?
    let assignment: [Int]?
    let strength: Double?
    let smoothing: Double?
  }

  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let operation: String
    let attributes: Attributes
    let inputs: [String: Array]
    let output: Array
    let upstream: Array
    let gradients: [String: Array]
    let state: [String: Array]?

    var testDescription: String { name }
  }

  struct Optimizers: Decodable {
    struct Attributes: Decodable {
      let rate: Double
      let momentum: Double?
      let nesterov: Bool?
      let beta1: Double?
      let beta2: Double?
      let epsilon: Double?
      let weightDecay: Double
    }

    struct Run: Decodable, CustomTestStringConvertible {
      let name: String
      let optimizer: String
      let attributes: Attributes
      let rates: [String: Double]?
      let steps: [[String: Array]]

      var testDescription: String { name }
    }

    let start: [String: Array]
    let gradients: [[String: Array]]
    let runs: [Run]
  }

  struct Schedule: Decodable, CustomTestStringConvertible {
    struct Attributes: Decodable {
      let rate: Double
      let steps: Int?
      let every: Int?
      let factor: Double?
      let least: Double?
      let warmUp: Int?
      let cut: Double?
      let ratio: Double?
      let alpha: Double?
      let beta: Double?
      let gamma: Double?
    }

    let name: String
    let attributes: Attributes
    let values: [Double]

    var testDescription: String { name }
  }

  struct Clipping: Decodable {
    let limit: Double
    let norm: Double
    let before: [String: Array]
    let after: [String: Array]
  }

  let cases: [Case]
  let optimizers: Optimizers
  let schedules: [Schedule]
  let clipping: [Clipping]

  /// Nil where the file can't be read, which a test notices.
  static let recorded: OperationGolden? = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/operations.json")
    guard let data = try? Data(contentsOf: file) else { return nil }
    return try? JSONDecoder().decode(OperationGolden.self, from: data)
  }()
}

extension OperationGolden.Array {
  private func permuted(_ order: [Int]) -> Self {
    var strides = shape.map { _ in 1 }
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    let reference = Reference(order.map { shape[$0] }) { place in
      values[zip(order, place).reduce(0) { $0 + strides[$1.0] * $1.1 }]
    }
    return Self(shape: reference.shape, values: reference.values)
  }

  /// PyTorch's images in the engine's order: channels last.
  var channelsLast: Self { shape.count == 4 ? permuted([0, 2, 3, 1]) : self }

  /// Heads [samples, heads, steps, size] in the engine's order, [samples, steps, features].
  var headsJoined: Self {
    let joined = permuted([0, 2, 1, 3])
    return Self(
      shape: [joined.shape[0], joined.shape[1], joined.shape[2] * joined.shape[3]],
      values: joined.values)
  }
}
