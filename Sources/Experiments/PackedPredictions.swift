import Foundation

/// Predictions in few bytes, every bit kept: how the store holds them.
///
/// Ascending rows are stored by their steps. Of each row of probabilities the last one is 1 less the
/// others but for a rounding error, so that error is stored, not the number. Integers take a byte for
/// each seven bits, the sign folded into the lowest (as in LEB128 with zigzag).
enum PackedPredictions {
  /// Row numbers.
  static func data(rows: [Int32]) -> Data {
    var writer = Writer()
    var last: Int32 = 0
    for row in rows {
      writer.append(Int64(row) - Int64(last))
      last = row
    }
    return writer.data
  }

  /// The row numbers that `data(rows:)` packed; nil where the bytes are no such.
  static func rows(_ data: Data) -> [Int32]? {
    var reader = Reader(bytes: Array(data))
    var rows: [Int32] = []
    var last: Int64 = 0
    while !reader.isAtEnd {
      guard let step = reader.integer(),
        let row = Int32(exactly: last.addingReportingOverflow(step).partialValue)
      else { return nil }
      rows.append(row)
      last = Int64(row)
    }
    return rows
  }

  /// Probabilities of that many rows, row after row.
  static func data(probabilities: [Double], rowCount: Int) -> Data {
    guard rowCount > 0, !probabilities.isEmpty else { return Data() }
    precondition(probabilities.count % rowCount == 0, "Probabilities have rows of one length.")
    let columns = probabilities.count / rowCount
    var writer = Writer()
    writer.append(Int64(columns))
    for row in 0..<rowCount {
      var rest = 1.0
      for value in probabilities[row * columns..<(row + 1) * columns - 1] {
        writer.append(value)
        rest -= value
      }
      let last = probabilities[(row + 1) * columns - 1]
      writer.append(
        Int64(bitPattern: last.bitPattern) &- Int64(bitPattern: rest.bitPattern))
    }
    return writer.data
  }

  /// The probabilities that `data(probabilities:rowCount:)` packed; nil where the bytes are no such.
  static func probabilities(_ data: Data, rowCount: Int) -> [Double]? {
    guard !data.isEmpty else { return [] }
    var reader = Reader(bytes: Array(data))
    guard let columns = reader.integer(), columns >= 1, columns <= Int64(data.count) else {
      return nil
    }
    var values: [Double] = []
    for _ in 0..<rowCount {
      var rest = 1.0
      for _ in 1..<columns {
        guard let value = reader.double() else { return nil }
        values.append(value)
        rest -= value
      }
      guard let error = reader.integer() else { return nil }
      values.append(
        Double(bitPattern: UInt64(bitPattern: Int64(bitPattern: rest.bitPattern) &+ error)))
    }
    return reader.isAtEnd ? values : nil
  }

  private struct Writer {
    private(set) var data = Data()

    mutating func append(_ integer: Int64) {
      var rest = UInt64(bitPattern: integer << 1 ^ integer >> 63)
      while rest >= 0x80 {
        data.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      data.append(UInt8(rest))
    }

    mutating func append(_ value: Double) {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
  }

  private struct Reader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) {
      self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func integer() -> Int64? {
      var folded: UInt64 = 0
      for shift in stride(from: 0, to: 70, by: 7) {
        guard position < bytes.count else { return nil }
        let byte = bytes[position]
        position += 1
        folded |= UInt64(byte & 0x7F) << UInt64(shift)
        if byte < 0x80 {
          return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
        }
      }
      return nil
    }

    mutating func double() -> Double? {
      guard position + 8 <= bytes.count else { return nil }
      var pattern: UInt64 = 0
      for offset in 0..<8 { pattern |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
      position += 8
      return Double(bitPattern: pattern)
    }
  }
}
