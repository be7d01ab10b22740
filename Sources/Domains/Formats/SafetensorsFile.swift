import LinearAlgebra

/// The safetensors format: named arrays behind a header in JSON.
///
/// The length of the header in 8 bytes, little-endian; the header, an object that gives every
/// array's type, shape and span of bytes; the elements in C order, little-endian. So the
/// description of the format at github.com/huggingface/safetensors; what it leaves to the reader
/// is refused here: a name twice, other keys, a first byte that isn't `{`.
///
/// Nothing of a file is believed before it is checked against the file's size: the arrays' spans
/// must fill the data without a gap, and be as long as their shapes and types say.
public enum SafetensorsFile {
  /// The longest header, as the format has it.
  static let longestHeader = 100_000_000

  /// The arrays in single precision, in the header's order.
  ///
  /// Read are truth values, integers of 8 to 64 bits and floating-point numbers of 16 (either
  /// kind), 32 and 64 bits. Throws `DomainError.missing`, or `.malformed` with the array's name or
  /// the byte offset.
  public static func read(_ path: String) throws(DomainError) -> [NamedArray] {
    let file = try OpenFile(path)
    let (entries, start, _) = try contents(of: file)
    var arrays: [NamedArray] = []
    arrays.reserveCapacity(entries.count)
    for entry in entries {
      let bytes = try file.bytes(at: start + entry.start, count: entry.end - entry.start)
      guard bytes.count == entry.end - entry.start else {
        throw malformed(
          path, "array \(shortened(entry.name))", "\(entry.end - entry.start) bytes",
          "\(bytes.count)")
      }
      let values = try entry.type.values(
        in: bytes, at: 0, count: bytes.count / entry.type.size, swapped: false, path: path,
        array: shortened(entry.name), as: Float.self)
      arrays.append(
        NamedArray(name: entry.name, array: FloatArray(shape: entry.shape, values: values)))
    }
    return arrays
  }

  /// The arrays' names and shapes, in the header's order; the elements aren't read.
  public static func shapes(
    _ path: String
  ) throws(DomainError) -> [(name: String, shape: [Int])] {
    try contents(of: OpenFile(path)).entries.map { ($0.name, $0.shape) }
  }

  /// The texts that the header holds beside the arrays, in its order.
  public static func metadata(
    _ path: String
  ) throws(DomainError) -> [(key: String, value: String)] {
    try contents(of: OpenFile(path)).metadata
  }

  /// Writes arrays as 32-bit floating-point numbers, in this order, whole or not at all.
  ///
  /// The same arrays are the same bytes. The metadata say by default that images and kernels lie
  /// as PyTorch has them, which Python's `transformers` asks of a file. Throws
  /// `DomainError.unwritable`, also where two arrays or two texts have one name.
  public static func write(
    _ arrays: [NamedArray], metadata: [(key: String, value: String)] = [("format", "pt")],
    to path: String
  ) throws(DomainError) {
    var names: Set<String> = ["__metadata__"]
    for array in arrays where !names.insert(array.name).inserted {
      throw .unwritable(path: path, reason: "two arrays named \(shortened(array.name))")
    }
    guard Set(metadata.map(\.key)).count == metadata.count else {
      throw .unwritable(path: path, reason: "two texts of one name")
    }
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var end = 0
    for array in arrays {
      let shape = array.array.shape.map(String.init).joined(separator: ",")
      let start = end
      end += 4 * array.array.values.count
      members.append(
        "\(quoted(array.name)):"
          + "{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    // The elements begin at a multiple of 8 bytes.
    header += Array(repeating: 0x20, count: (8 - header.count % 8) % 8)
    guard header.count <= longestHeader else {
      throw .unwritable(
        path: path, reason: "names too long for a header of \(longestHeader) bytes")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + end)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += header
    for array in arrays {
      array.array.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    try AtomicFile.write(bytes, to: path)
  }

  /// What the header says, once it agrees with itself and with the file's size, and where the
  /// data begin.
  private static func contents(
    of file: borrowing OpenFile
  ) throws(DomainError) -> (
    entries: [SafetensorsHeader.Entry], start: Int, metadata: [(key: String, value: String)]
  ) {
    let path = file.path
    let prefix = try file.bytes(at: 0, count: min(8, file.size))
    guard prefix.count == 8 else {
      throw malformed(
        path, "byte \(prefix.count)", "the header's length in 8 bytes", "the end of the file")
    }
    let declared = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let most = min(longestHeader, file.size - 8)
    guard declared <= most else {
      throw malformed(
        path, "byte 0",
        "a header of at most \(most) bytes"
          + (most < longestHeader ? ", for the file's size" : ""), "\(declared) bytes declared")
    }
    let length = Int(declared)
    let bytes = try file.bytes(at: 8, count: length)
    guard bytes.count == length else {
      throw malformed(path, "byte 8", "a header of \(length) bytes", "\(bytes.count) bytes")
    }
    var header = SafetensorsHeader(bytes: bytes, path: path)
    try header.parse()
    try header.check(dataSize: file.size - 8 - length)
    return (header.entries, 8 + length, header.metadata)
  }

  static func malformed(
    _ path: String, _ place: String, _ expected: String, _ found: String
  ) -> DomainError {
    .malformed(path: path, place: place, expected: expected, found: found)
  }

  /// A name that fits into a sentence.
  static func shortened(_ name: String) -> String {
    name.utf8.count <= 100 ? name : name.prefix(60) + "…"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{8}": result += "\\b"
      case "\u{C}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
