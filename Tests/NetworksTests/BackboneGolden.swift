import CGolden
import Foundation

@testable import Networks

/// What Scripts/golden/networks_backbones.py recorded of a network.
struct BackboneGolden: Decodable {
  struct Named: Decodable {
    let name: String
    let shape: [Int]
    let first: Double
  }

  struct Input: Decodable {
    let name: String
    let shape: [Int]
  }

  /// A tensor's norm, and its products with two others.
  struct Probed: Decodable {
    let name: String
    let norm: Double
    let probes: [Double]
  }

  struct Hidden: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  struct Mode: Decodable {
    let biasOffset: Double
    let logits: [[Double]]
    let loss: Double
    let gradients: [Probed]
    let statistics: [Probed]?
    let hidden: Hidden?
  }

  let state: [Named]
  let classes: Int
  let labels: [Int]
  let input: Input?
  let tokens: [[Int]]?
  let mask: [[Int]]?
  let train: Mode?
  let eval: Mode

  init(_ name: String) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/backbones/\(name).json")
    self = try JSONDecoder().decode(BackboneGolden.self, from: Data(contentsOf: file))
  }

  /// The state without the counters of batches, which nothing reads.
  var arrays: [Named] { state.filter { !$0.name.hasSuffix("num_batches_tracked") } }

  /// The sequences without what fills them up.
  var sequences: [[Int]]? {
    guard let tokens, let mask else { return nil }
    return zip(tokens, mask).map { tokens, mask in
      zip(tokens, mask).filter { $1 == 1 }.map(\.0)
    }
  }
}

/// The formula that gives the weights, see the script.
enum GoldenFormula {
  /// fnv1a64 of the name.
  static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  static func numbers(_ name: String, _ count: Int) -> [Float] {
    Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      golden_fill(hash(name), count, 0, 1, 0, buffer.baseAddress)
      initialized = count
    }
  }

  static func fill(_ weight: Weight, biasOffset: Double) {
    let name = weight.name
    func ends(_ endings: String...) -> Bool { endings.contains { name.hasSuffix($0) } }
    let (offset, factor, shift): (Double, Double, Double)
    if ends("running_mean", "moving_mean") {
      (offset, factor, shift) = (0, 0.1, 0)
    } else if ends("bias", "beta") {
      (offset, factor, shift) = (biasOffset, 0.1, 0)
    } else if ends("running_var", "moving_variance") {
      (offset, factor, shift) = (1, 0.25, 1)
    } else if weight.shape.count == 1 {
      (offset, factor, shift) = (1, 0.1, 0)
    } else {
      let fan =
        ends("depthwise_kernel")
        ? weight.shape.prefix(2) : ends("kernel") ? weight.shape.dropLast() : weight.shape[1...]
      (offset, factor, shift) = (0, (3 / Double(fan.reduce(1, *))).squareRoot(), 0)
    }
    golden_fill(
      hash(name), weight.value.floats.count, offset, factor, shift,
      weight.value.floats.baseAddress)
  }

  static func norm(_ floats: Floats) -> Double {
    golden_squares(floats.count, floats.baseAddress).squareRoot()
  }

  /// The greater distance of the norm and of both products from the recorded ones.
  static func distance(_ floats: Floats, _ golden: BackboneGolden.Probed) -> Double {
    let products = (0..<2).map { probe in
      golden_product(hash("probe\(probe):" + golden.name), floats.count, floats.baseAddress)
    }
    return zip([norm(floats)] + products, [golden.norm] + golden.probes)
      .reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
