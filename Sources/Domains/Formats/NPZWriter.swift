public import LinearAlgebra

/// An array to write into an archive.
public enum NPZArray: Sendable, Hashable {
  /// Numbers of any shape, as 64-bit floating-point numbers.
  case numbers(NumericArray)
  /// Numbers of any shape, as 32-bit floating-point numbers.
  case floats(FloatArray)
  /// A matrix, as 64-bit floating-point numbers.
  case matrix(Matrix<Double>)
  /// A list of integers of 64 bits.
  case integers([Int64])
  /// A list of texts, as Unicode of a fixed width.
  case strings([String])
}

/// Archives that `numpy.load` reads.
///
/// The same arrays are the same bytes, whenever and wherever they are written: all members bear
/// one date.
public enum NPZWriter {
  /// Writes an archive, whole or not at all.
  ///
  /// With `deflated` the arrays are compressed. Throws `DomainError.unwritable`.
  public static func write(
    _ arrays: [(String, NPZArray)], to path: String, deflated: Bool = true
  ) throws(DomainError) {
    let members = arrays.map { (name: $0.0 + ".npy", content: NPYEncoder.bytes(of: $0.1)) }
    try AtomicFile.write(
      ZipArchive.bytes(of: members, deflated: deflated, path: path), to: path)
  }
}

/// Writes arrays in NumPy's format, version 1.0.
enum NPYEncoder {
  /// The file of an array.
  static func bytes(of array: NPZArray) -> [UInt8] {
    switch array {
    case .numbers(let array):
      header("<f8", array.shape) + littleEndian(array.values.map(\.bitPattern))
    case .floats(let array):
      header("<f4", array.shape) + littleEndian(array.values.map(\.bitPattern))
    case .matrix(let matrix):
      header("<f8", [matrix.rows, matrix.columns])
        + littleEndian(matrix.elements.map(\.bitPattern))
    case .integers(let integers):
      header("<i8", [integers.count]) + littleEndian(integers)
    case .strings(let strings):
      text(strings)
    }
  }

  private static func text(_ strings: [String]) -> [UInt8] {
    let width = strings.map(\.unicodeScalars.count).max() ?? 0
    // NumPy has no type of width 0 for itself.
    let length = max(width, 1)
    let scalars = strings.flatMap { string in
      string.unicodeScalars.map(\.value)
        + Array(repeating: 0, count: length - string.unicodeScalars.count)
    }
    return header("<U\(length)", [strings.count]) + littleEndian(scalars)
  }

  /// Magic, version, length and dictionary, filled up to a multiple of 64 bytes.
  private static func header(_ type: String, _ shape: [Int]) -> [UInt8] {
    let lengths = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(lengths)), }"
    let unpadded = 10 + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let count = UInt16(text.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 255), UInt8(count >> 8)]
      + Array(text.utf8)
  }

  private static func littleEndian<Integer: FixedWidthInteger>(_ integers: [Integer]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(integers.count * Integer.bitWidth / 8)
    for integer in integers {
      withUnsafeBytes(of: integer.littleEndian) { result.append(contentsOf: $0) }
    }
    return result
  }
}
