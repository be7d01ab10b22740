/// The format of the MNIST files: a big-endian array of any element type and rank.
///
/// Two zero bytes, the element type, the number of axes, the axes' lengths of four bytes each,
/// and the elements in C order; so Y. LeCun, C. Cortes, C. Burges describe it on the page of the
/// MNIST database.
public enum IDXFile {
  /// The array of a file, plain or compressed with gzip.
  ///
  /// Throws `DomainError.missing`, or `.malformed` with the byte offset in the plain data.
  public static func read(_ path: String) throws(DomainError) -> NumericArray {
    let stored = try FileBytes.read(path)
    // A compressed header says how much is worth decompressing: one byte too many is seen.
    let isCompressed = Gzip.isCompressed(stored)
    let largestHeader = 4 + 4 * 255
    let start =
      isCompressed ? try Gzip.decompress(stored, path: path, limit: largestHeader) : stored
    let (type, shape) = try header(of: start, path: path)
    let offset = 4 + 4 * shape.count
    let most = stored.count * (isCompressed ? Gzip.largestRatio : 1)
    guard let count = DeclaredShape.count(shape, elementSize: type.size),
      count * type.size <= most
    else {
      throw malformed(
        path, at: 4, "at most \(most) bytes of elements, for the file's size",
        "shape \(DeclaredShape.text(shape)) of type \(type)")
    }
    let end = offset + count * type.size
    let bytes = isCompressed ? try Gzip.decompress(stored, path: path, limit: end + 1) : stored
    guard bytes.count == end else {
      throw malformed(
        path, at: offset, "\(end - offset) bytes for shape \(DeclaredShape.text(shape)) of \(type)",
        bytes.count > end && isCompressed ? "more" : "\(bytes.count - offset) bytes")
    }
    return NumericArray(
      shape: shape,
      values: try type.values(in: bytes, at: offset, count: count, swapped: true, path: path))
  }

  private static func header(
    of bytes: [UInt8], path: String
  ) throws(DomainError) -> (ElementType, [Int]) {
    guard bytes.count >= 4 else {
      throw malformed(path, at: bytes.count, "a header", "the end of the file")
    }
    guard bytes[0] == 0, bytes[1] == 0 else {
      throw malformed(path, at: 0, "two zero bytes, as in IDX files", "\(bytes[0]), \(bytes[1])")
    }
    let types: [UInt8: ElementType] = [
      0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
    ]
    guard let type = types[bytes[2]] else {
      throw malformed(path, at: 2, "an element type: 8, 9, 11, 12, 13 or 14", "\(bytes[2])")
    }
    let rank = Int(bytes[3])
    guard rank > 0 else { throw malformed(path, at: 3, "one axis at least", "0") }
    guard bytes.count >= 4 + 4 * rank else {
      throw malformed(path, at: bytes.count, "the lengths of \(rank) axes", "the end of the file")
    }
    let shape = (0..<rank).map { axis in
      (0..<4).reduce(0) { $0 << 8 | Int(bytes[4 + 4 * axis + $1]) }
    }
    return (type, shape)
  }

  private static func malformed(
    _ path: String, at offset: Int, _ expected: String, _ found: String
  ) -> DomainError {
    .malformed(path: path, place: "byte \(offset)", expected: expected, found: found)
  }
}
