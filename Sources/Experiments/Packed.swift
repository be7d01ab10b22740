import Foundation

/// Arrays of numbers as bytes, little endian: how predictions travel and are stored.
enum Packed {
  static func data(_ values: [Double]) -> Data {
    values.withUnsafeBytes { Data($0) }
  }

  static func data(_ values: [Int32]) -> Data {
    values.withUnsafeBytes { Data($0) }
  }

  static func doubles(_ data: Data) -> [Double] {
    unpack(data)
  }

  static func integers(_ data: Data) -> [Int32] {
    unpack(data)
  }

  private static func unpack<Value: BitwiseCopyable>(_ data: Data) -> [Value] {
    let count = data.count / MemoryLayout<Value>.size
    return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      _ = data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }
}

extension CellPredictions {
  private enum CodingKeys: CodingKey {
    case rows, probabilities, clusters, sourceRows, sourceProbabilities
  }

  /// Decodes the numbers from bytes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    rows = Packed.integers(try container.decode(Data.self, forKey: .rows))
    probabilities = Packed.doubles(try container.decode(Data.self, forKey: .probabilities))
    clusters = Packed.integers(try container.decode(Data.self, forKey: .clusters))
    sourceRows = Packed.integers(try container.decode(Data.self, forKey: .sourceRows))
    sourceProbabilities = Packed.doubles(
      try container.decode(Data.self, forKey: .sourceProbabilities))
  }

  /// Encodes the numbers as bytes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Packed.data(rows), forKey: .rows)
    try container.encode(Packed.data(probabilities), forKey: .probabilities)
    try container.encode(Packed.data(clusters), forKey: .clusters)
    try container.encode(Packed.data(sourceRows), forKey: .sourceRows)
    try container.encode(Packed.data(sourceProbabilities), forKey: .sourceProbabilities)
  }
}
