import LinearAlgebra

/// NumPy's files: arrays (`.npy`, format versions 1 to 3) and archives of them (`.npz`).
///
/// The format: NumPy Enhancement Proposal 1 and `numpy.lib.format`. An array of Python objects or
/// of records is an error: only truth values, integers, floating-point numbers of 16, 32 and 64
/// bits, and text (`readStrings`) are read.
public enum NumPyFile {
  /// The numbers of an `.npy` file, in C order whichever order the file has.
  ///
  /// Throws `DomainError.missing`, or `.malformed` with the byte offset.
  public static func readNPY(_ path: String) throws(DomainError) -> NumericArray {
    try NPYDecoder(bytes: FileBytes.read(path), path: path, array: nil).numbers()
  }

  /// The numbers of one array of an `.npz` archive.
  ///
  /// `array` is the name, as in `numpy.load(path)[array]`. Throws `DomainError.missing`, or
  /// `.malformed` with the names of the archive's arrays where it has none of this name.
  public static func readNPZ(_ path: String, array: String) throws(DomainError) -> NumericArray {
    try NPYDecoder(bytes: member(array, of: path), path: path, array: array).numbers()
  }

  /// All arrays of an `.npz` archive in single precision, in the archive's order.
  ///
  /// Throws `DomainError.missing`, or `.malformed` where an array holds something else than
  /// numbers, or two have one name.
  public static func readFloats(_ path: String) throws(DomainError) -> [NamedArray] {
    var arrays: [NamedArray] = []
    try forEachArray(path) { (name, bytes) throws(DomainError) in
      let decoder = try NPYDecoder(bytes: bytes, path: path, array: name)
      arrays.append(NamedArray(name: name, array: try decoder.numbers(as: Float.self)))
    }
    return arrays
  }

  /// The names and declared shapes of an `.npz` archive's arrays, in the archive's order; their
  /// elements aren't read.
  public static func shapes(
    _ path: String
  ) throws(DomainError) -> [(name: String, shape: [Int])] {
    var shapes: [(name: String, shape: [Int])] = []
    // The longest header of format version 1.
    try forEachArray(path, limit: 10 + Int(UInt16.max)) { (name, bytes) throws(DomainError) in
      shapes.append((name, try NPYDecoder(bytes: bytes, path: path, array: name).shape))
    }
    return shapes
  }

  private static func forEachArray(
    _ path: String, limit: Int = .max, _ body: (String, [UInt8]) throws(DomainError) -> Void
  ) throws(DomainError) {
    var names: Set<String> = []
    try ZipArchive.forEachMember(of: path, limit: limit) { (member, bytes) throws(DomainError) in
      let name = arrayName(member)
      guard names.insert(name).inserted else {
        throw .malformed(
          path: path, place: "array \(name)", expected: "names that differ", found: "one name twice"
        )
      }
      try body(name, bytes)
    }
  }

  /// The texts, of type `U` or `S`, of an `.npy` file or of one array of an `.npz` archive.
  ///
  /// `array` is the name in an archive, or nil for an `.npy` file. The texts come in C order,
  /// without the NULs that pad them. Throws as the readers of numbers do.
  public static func readStrings(
    _ path: String, array: String? = nil
  ) throws(DomainError) -> (shape: [Int], values: [String]) {
    guard let array else {
      return try NPYDecoder(bytes: FileBytes.read(path), path: path, array: nil).strings()
    }
    return try NPYDecoder(bytes: member(array, of: path), path: path, array: array).strings()
  }

  /// The names of the arrays of an `.npz` archive, in the archive's order.
  public static func arrays(_ path: String) throws(DomainError) -> [String] {
    try ZipArchive.names(path).map(arrayName)
  }

  private static func arrayName(_ member: String) -> String {
    member.hasSuffix(".npy") ? String(member.dropLast(4)) : member
  }

  private static func member(_ array: String, of path: String) throws(DomainError) -> [UInt8] {
    let names = try ZipArchive.names(path)
    guard let index = names.firstIndex(of: array + ".npy") ?? names.firstIndex(of: array) else {
      throw .malformed(
        path: path, place: "array \(array)", expected: "an array of this name",
        found: names.isEmpty
          ? "no arrays" : "the arrays " + (try arrays(path)).joined(separator: ", "))
    }
    return try ZipArchive.member(index, named: array, of: path)
  }
}

/// One array in NumPy's format.
struct NPYDecoder {
  private let bytes: [UInt8]
  private let path: String
  private let array: String?
  private let header: Header

  private struct Header {
    var type: String
    var isFortranOrder: Bool
    var shape: [Int]
    var dataOffset: Int
  }

  /// Reads the header; `array` is the array's name within an archive, for messages.
  init(bytes: [UInt8], path: String, array: String?) throws(DomainError) {
    self.bytes = bytes
    self.path = path
    self.array = array
    self.header = try Self.header(of: bytes, path: path, array: array)
  }

  /// The declared shape.
  var shape: [Int] { header.shape }

  /// The elements as numbers.
  func numbers<Scalar: MatrixScalar>(
    as scalar: Scalar.Type = Double.self
  ) throws(DomainError) -> ShapedArray<Scalar> {
    let typeByCode: [String: ElementType] = [
      "b1": .bool, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32,
      "i4": .int32, "u8": .uint64, "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64,
    ]
    guard let type = typeByCode[String(header.type.dropFirst())] else {
      throw malformed(
        at: 10, "numbers: b1, i1 to i8, u1 to u8, f2, f4 or f8", "type '\(header.type)'")
    }
    let count = try count(elementSize: type.size)
    let values = try type.values(
      in: bytes, at: header.dataOffset, count: count, swapped: header.type.first == ">",
      path: path, array: array, as: scalar)
    return ShapedArray(
      shape: header.shape,
      values: header.isFortranOrder
        ? DeclaredShape.fromFortranOrder(values, shape: header.shape) : values)
  }

  /// The elements as texts; NULs at the end are padding.
  func strings() throws(DomainError) -> (shape: [Int], values: [String]) {
    let code = header.type.dropFirst().first
    guard code == "U" || code == "S", let length = Int(header.type.dropFirst(2)), length >= 0,
      length <= bytes.count
    else { throw malformed(at: 10, "text: U or S", "type '\(header.type)'") }
    let size = code == "U" ? 4 * length : length
    guard size > 0 else {
      // Texts without a byte: as many as are declared, and nothing in the file bounds that.
      guard let count = DeclaredShape.count(header.shape), count <= bytes.count else {
        throw malformed(at: 10, "texts of one character at least", "type '\(header.type)'")
      }
      return (header.shape, Array(repeating: "", count: count))
    }
    let count = try count(elementSize: size)
    var values: [String] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let start = header.dataOffset + index * size
      values.append(
        code == "U"
          ? try text(at: start, length: length) : try byteText(at: start, length: length))
    }
    return (
      header.shape,
      header.isFortranOrder
        ? DeclaredShape.fromFortranOrder(values, shape: header.shape) : values
    )
  }

  private func text(at start: Int, length: Int) throws(DomainError) -> String {
    let isBig = header.type.first == ">"
    var scalars = String.UnicodeScalarView()
    var padding = 0
    for position in 0..<length {
      let at = start + 4 * position
      let word = (0..<4).reduce(UInt32(0)) {
        $0 | UInt32(bytes[at + $1]) << UInt32(8 * (isBig ? 3 - $1 : $1))
      }
      if word == 0 {
        padding += 1
        continue
      }
      guard let scalar = Unicode.Scalar(word) else {
        throw malformed(at: at, "a Unicode character", "the number \(word)")
      }
      scalars.append(contentsOf: repeatElement("\0", count: padding))
      padding = 0
      scalars.append(scalar)
    }
    return String(scalars)
  }

  private func byteText(at start: Int, length: Int) throws(DomainError) -> String {
    var end = start + length
    while end > start, bytes[end - 1] == 0 { end -= 1 }
    guard let text = String(validating: bytes[start..<end], as: UTF8.self) else {
      throw malformed(at: start, "text in UTF-8", "other bytes")
    }
    return text
  }

  /// The declared number of elements, once the data is known to hold exactly so many.
  private func count(elementSize: Int) throws(DomainError) -> Int {
    let available = bytes.count - header.dataOffset
    guard let count = DeclaredShape.count(header.shape, elementSize: elementSize),
      count * elementSize == available
    else {
      let declared = DeclaredShape.count(header.shape, elementSize: elementSize)
      throw malformed(
        at: header.dataOffset,
        (declared.map { "\($0 * elementSize) bytes" } ?? "fewer elements")
          + " for shape \(DeclaredShape.text(header.shape)) of type '\(header.type)'",
        "\(available) bytes")
    }
    return count
  }

  private func malformed(at offset: Int, _ expected: String, _ found: String) -> DomainError {
    Self.malformed(path, array, at: offset, expected, found)
  }

  private static func malformed(
    _ path: String, _ array: String?, at offset: Int, _ expected: String, _ found: String
  ) -> DomainError {
    .malformed(
      path: path, place: (array.map { "array \($0), " } ?? "") + "byte \(offset)",
      expected: expected, found: found)
  }

  /// The header: magic, version, length, and a Python dictionary of three entries.
  private static func header(
    of bytes: [UInt8], path: String, array: String?
  ) throws(DomainError) -> Header {
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw malformed(
        path, array, at: 0, "an array in NumPy's format, beginning with \\x93NUMPY",
        bytes.isEmpty ? "an empty file" : "other bytes")
    }
    guard bytes.count >= 12 else {
      throw malformed(path, array, at: bytes.count, "a header", "the end of the file")
    }
    guard (1...3).contains(bytes[6]), bytes[7] == 0 else {
      throw malformed(
        path, array, at: 6, "format version 1.0, 2.0 or 3.0", "version \(bytes[6]).\(bytes[7])")
    }
    let lengthSize = bytes[6] == 1 ? 2 : 4
    let start = 8 + lengthSize
    let length = (0..<lengthSize).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    guard length <= bytes.count - start else {
      throw malformed(
        path, array, at: 8, "a header of \(length) bytes", "\(bytes.count - start) bytes")
    }
    var parser = DictionaryParser(bytes: bytes[start..<start + length])
    guard parser.parse(), let type = parser.type, let isFortranOrder = parser.isFortranOrder,
      let shape = parser.shape
    else {
      throw malformed(
        path, array, at: parser.position,
        "a header {'descr': '<f8', 'fortran_order': False, 'shape': (n, d)}",
        parser.found)
    }
    return Header(
      type: type, isFortranOrder: isFortranOrder, shape: shape, dataOffset: start + length)
  }
}

/// The Python dictionary of an array's header: exactly the keys that NumPy writes.
private struct DictionaryParser {
  let bytes: ArraySlice<UInt8>
  var position: Int
  var type: String?
  var isFortranOrder: Bool?
  var shape: [Int]?

  init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    self.position = bytes.startIndex
  }

  /// What stands where parsing stopped.
  var found: String {
    let rest = bytes[position...].prefix(24)
    if rest.isEmpty { return "the end of the header" }
    return "'" + rest.map { (32..<127).contains($0) ? String(Unicode.Scalar($0)) : "?" }.joined()
      + "'"
  }

  mutating func parse() -> Bool {
    guard take("{") else { return false }
    while !take("}") {
      guard let key = quoted(), take(":") else { return false }
      switch key {
      case "descr" where type == nil:
        guard let value = quoted(), value.utf8.count >= 2,
          "<>|=".contains(value.prefix(1))
        else { return false }
        type = value
      case "fortran_order" where isFortranOrder == nil:
        if take("True") {
          isFortranOrder = true
        } else if take("False") {
          isFortranOrder = false
        } else {
          return false
        }
      case "shape" where shape == nil:
        guard let value = tuple() else { return false }
        shape = value
      default: return false
      }
      if !take(",") {
        guard take("}") else { return false }
        break
      }
    }
    skipSpace()
    return position == bytes.endIndex
  }

  private mutating func skipSpace() {
    while position < bytes.endIndex, [0x20, 0x0A, 0x09].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  private mutating func quoted() -> String? {
    skipSpace()
    guard position < bytes.endIndex, [0x22, 0x27].contains(bytes[position]) else { return nil }
    let quote = bytes[position]
    guard let end = bytes[(position + 1)...].prefix(64).firstIndex(of: quote),
      let text = String(validating: bytes[(position + 1)..<end], as: UTF8.self)
    else { return nil }
    position = end + 1
    return text
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var lengths: [Int] = []
    // NumPy's own limit of axes.
    while !take(")"), lengths.count < 64 {
      skipSpace()
      let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
      guard let length = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
      position = digits.endIndex
      // Python 2 wrote long integers as 3L.
      _ = take("L")
      lengths.append(length)
      if !take(",") {
        guard take(")") else { return nil }
        return lengths
      }
    }
    return lengths
  }
}
