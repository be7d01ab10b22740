/// What is checked of a MATLAB file before it is read.
///
/// A version 5 file is a header of 128 bytes and then elements, each a type and a length of four
/// bytes each and so many bytes of data. Damage that a library would pass over is found here: an
/// element that ends beyond the file, bytes that belong to none, and a compressed element whose
/// checksum is wrong. A version 7.3 file has the same header before an HDF5 file.
struct MATStructure {
  private let bytes: [UInt8]
  private let path: String

  private static let headerSize = 128
  private static let matrix: UInt32 = 14
  private static let compressed: UInt32 = 15

  init(bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// Checks the file.
  func check() throws(DomainError) {
    guard bytes.count >= Self.headerSize else {
      throw malformed(at: bytes.count, "a header of 128 bytes", "the end of the file")
    }
    let isBig: Bool
    switch (bytes[126], bytes[127]) {
    case (UInt8(ascii: "I"), UInt8(ascii: "M")): isBig = false
    case (UInt8(ascii: "M"), UInt8(ascii: "I")): isBig = true
    default:
      throw malformed(at: 126, "IM or MI, as in MATLAB files of version 5 to 7.3", "other bytes")
    }
    let version = isBig ? (bytes[124], bytes[125]) : (bytes[125], bytes[124])
    switch version {
    case (1, 0): try checkElements(isBig: isBig)
    case (2, 0):
      // libmatio looks for the signature where MATLAB puts it.
      guard bytes.count >= 1024,
        bytes[512...].starts(with: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
      else { throw malformed(at: 512, "an HDF5 file", "other bytes") }
    default:
      throw malformed(at: 124, "version 1.0 or 2.0 of the format", "\(version.0).\(version.1)")
    }
  }

  private func checkElements(isBig: Bool) throws(DomainError) {
    var position = Self.headerSize
    guard position < bytes.count else {
      throw malformed(at: position, "an array", "the end of the file")
    }
    while position < bytes.count {
      guard bytes.count - position >= 8 else {
        throw malformed(at: position, "a tag of 8 bytes", "\(bytes.count - position) bytes")
      }
      let type = word(position, isBig)
      let length = Int(word(position + 4, isBig))
      guard type == Self.matrix || type == Self.compressed else {
        throw malformed(at: position, "an array, type 14 or 15", "type \(type)")
      }
      position += 8
      guard length <= bytes.count - position else {
        throw malformed(
          at: position, "an element of \(length) bytes", "\(bytes.count - position) bytes")
      }
      if type == Self.compressed {
        try checkCompressed(position..<position + length, isBig: isBig)
      }
      position += length
    }
  }

  /// A compressed element holds one array, as long as its inner tag says.
  private func checkCompressed(_ range: Range<Int>, isBig: Bool) throws(DomainError) {
    if let (offset, reason) = Gzip.failureOfZlibStream(bytes, range) {
      throw malformed(at: offset, "zlib data", reason)
    }
  }

  private func word(_ offset: Int, _ isBig: Bool) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * (isBig ? 3 - $1 : $1)) }
  }

  private func malformed(at offset: Int, _ expected: String, _ found: String) -> DomainError {
    .malformed(path: path, place: "byte \(offset)", expected: expected, found: found)
  }
}
