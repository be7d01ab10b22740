import CZlib

/// Decompression with zlib.
enum Gzip {
  /// The most bytes that one byte of a deflated stream can stand for.
  ///
  /// A stream that promises more promises what it can't hold.
  static let largestRatio = 1032

  /// Whether the bytes begin as a gzip file does.
  static func isCompressed(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// The content of a gzip file: all members, one after another.
  ///
  /// Stops, without an error, after `limit` bytes.
  static func decompress(
    _ bytes: [UInt8], path: String, limit: Int = .max
  ) throws(DomainError) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    while start < bytes.count, result.count < limit {
      // 16: a gzip header is demanded; its checksum and length are verified at the end.
      let outcome = inflate(bytes, from: start, windowBits: 16 + MAX_WBITS, limit: limit) {
        result.append(contentsOf: $0)
      }
      guard let reason = outcome.failure else {
        start = outcome.end
        continue
      }
      throw .malformed(
        path: path, place: "byte \(outcome.end)", expected: "gzip data", found: reason)
    }
    return result
  }

  /// Checks a zlib stream that fills `range` of the bytes: its end, and its Adler-32.
  ///
  /// Returns what is wrong and where, or nil.
  static func failureOfZlibStream(
    _ bytes: [UInt8], _ range: Range<Int>
  ) -> (offset: Int, reason: String)? {
    let outcome = inflate(
      bytes, from: range.lowerBound, to: range.upperBound, windowBits: MAX_WBITS, limit: .max
    ) { _ in }
    if let reason = outcome.failure { return (outcome.end, reason) }
    if outcome.end != range.upperBound {
      return (outcome.end, "\(range.upperBound - outcome.end) bytes after the compressed data")
    }
    return nil
  }

  /// The first bytes of a zlib stream at `start`: at most `limit`, fewer where it is damaged.
  static func beginning(of bytes: [UInt8], _ range: Range<Int>, limit: Int) -> [UInt8] {
    var result: [UInt8] = []
    _ = inflate(
      bytes, from: range.lowerBound, to: range.upperBound, windowBits: MAX_WBITS, limit: limit
    ) { result.append(contentsOf: $0) }
    return Array(result.prefix(limit))
  }

  /// Inflates one stream, handing on chunks, until its end or until `limit` bytes are out.
  ///
  /// `end` is the offset after the last byte consumed.
  private static func inflate(
    _ bytes: [UInt8], from start: Int, to stop: Int? = nil, windowBits: Int32, limit: Int,
    _ consume: (ArraySlice<UInt8>) -> Void
  ) -> (end: Int, failure: String?) {
    let stop = stop ?? bytes.count
    var stream = z_stream()
    guard
      inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return (start, "no memory for zlib") }
    defer { inflateEnd(&stream) }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var position = start
    var produced = 0
    while true {
      let (status, left, made) = bytes.withUnsafeBufferPointer { input in
        chunk.withUnsafeMutableBufferPointer { output in
          let available = min(stop - position, 1 << 30)
          stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + position })
          stream.avail_in = UInt32(available)
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          let status = CZlib.inflate(&stream, Z_NO_FLUSH)
          return (status, available - Int(stream.avail_in), output.count - Int(stream.avail_out))
        }
      }
      position += left
      consume(chunk[..<min(made, limit - produced)])
      produced += made
      if status == Z_STREAM_END || produced >= limit { return (position, nil) }
      if status == Z_OK, left > 0 || made > 0 { continue }
      if status == Z_OK || status == Z_BUF_ERROR {
        return (position, "the end of the file within the compressed data")
      }
      return (position, stream.msg.map { String(cString: $0) } ?? "damaged compressed data")
    }
  }
}
