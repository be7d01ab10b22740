/// The header of a safetensors file, read strictly.
///
/// The grammar is a part of JSON without recursion: an object of arrays' names, where a value is
/// an object of exactly a type, a shape and two offsets; and under `__metadata__` an object of
/// texts. A library for JSON would take the last of two members of one name, and forget the order.
struct SafetensorsHeader {
  /// An array: its type, its shape, and its first byte and the one behind its last in the data.
  struct Entry {
    var name: String
    var type: ElementType
    var shape: [Int]
    var start: Int
    var end: Int
  }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [(key: String, value: String)] = []

  private let bytes: [UInt8]
  private let path: String
  private var position = 0

  /// NumPy's and PyTorch's own limit.
  private static let mostAxes = 64

  private static let typeByName: [String: ElementType] = [
    "BOOL": .bool, "U8": .uint8, "I8": .int8, "U16": .uint16, "I16": .int16, "U32": .uint32,
    "I32": .int32, "U64": .uint64, "I64": .int64, "F16": .float16, "BF16": .bfloat16,
    "F32": .float32, "F64": .float64,
  ]

  /// A header of these bytes, which lie behind the file's first eight.
  init(bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// Reads the whole header.
  mutating func parse() throws(DomainError) {
    guard bytes.first == 0x7B else { throw unexpected("'{'") }
    var names: Set<String> = []
    try object { (header, name, place) throws(DomainError) in
      guard names.insert(name).inserted else {
        throw header.malformed(
          "byte \(place)", "names that differ", "'\(SafetensorsFile.shortened(name))' twice")
      }
      if name == "__metadata__" {
        try header.texts()
      } else {
        try header.entry(name)
      }
    }
    skipSpace()
    guard position == bytes.count else { throw unexpected("the header's end") }
  }

  /// Verifies that the arrays' spans are as long as they must be, and fill the data.
  func check(dataSize: Int) throws(DomainError) {
    for entry in entries {
      let length = entry.end - entry.start
      guard let count = DeclaredShape.count(entry.shape, elementSize: entry.type.size),
        count * entry.type.size == length
      else {
        let count = DeclaredShape.count(entry.shape, elementSize: entry.type.size)
        throw malformed(
          "array \(SafetensorsFile.shortened(entry.name))",
          (count.map { "\($0 * entry.type.size) bytes" } ?? "fewer elements")
            + " for shape \(DeclaredShape.text(entry.shape)) of type \(entry.type)",
          "\(length) bytes, \(entry.start) to \(entry.end) of the data")
      }
    }
    var end = 0
    for entry in entries.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      guard entry.start == end else {
        throw malformed(
          "array \(SafetensorsFile.shortened(entry.name))",
          "elements from byte \(end) of the data, where those before them end",
          "byte \(entry.start)")
      }
      end = entry.end
    }
    guard end == dataSize else {
      throw malformed(
        "byte \(8 + bytes.count)", "\(end) bytes of elements, as the header says",
        "\(dataSize) bytes")
    }
  }

  // MARK: Values

  private mutating func entry(_ name: String) throws(DomainError) {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    let start = position
    try object { (header, key, place) throws(DomainError) in
      switch key {
      case "dtype" where type == nil:
        let text = try header.string()
        guard let known = Self.typeByName[text] else {
          throw header.malformed(
            "array \(SafetensorsFile.shortened(name))",
            "a type of numbers: BOOL, U8 to U64, I8 to I64, F16, BF16, F32 or F64",
            "type '\(SafetensorsFile.shortened(text))'")
        }
        type = known
      case "shape" where shape == nil:
        shape = try header.numbers(most: Self.mostAxes)
      case "data_offsets" where offsets == nil:
        offsets = try header.numbers(most: 2)
      default:
        throw header.malformed(
          "byte \(place)", "each of dtype, shape and data_offsets once",
          "'\(SafetensorsFile.shortened(key))'")
      }
    }
    guard let type, let shape, let offsets else {
      throw malformed(
        "byte \(8 + start)", "each of dtype, shape and data_offsets once",
        type == nil ? "no dtype" : shape == nil ? "no shape" : "no data_offsets")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw malformed(
        "array \(SafetensorsFile.shortened(name))", "two data_offsets, the first not the larger",
        "[" + offsets.map(String.init).joined(separator: ", ") + "]")
    }
    entries.append(
      Entry(name: name, type: type, shape: shape, start: offsets[0], end: offsets[1]))
  }

  private mutating func texts() throws(DomainError) {
    var keys: Set<String> = []
    try object { (header, key, place) throws(DomainError) in
      guard keys.insert(key).inserted else {
        throw header.malformed(
          "byte \(place)", "names that differ", "'\(SafetensorsFile.shortened(key))' twice")
      }
      header.metadata.append((key, try header.string()))
    }
  }

  /// The members of an object; `member` gets the name and its place in the file, and reads the
  /// value.
  private mutating func object(
    _ member: (inout Self, String, Int) throws(DomainError) -> Void
  ) throws(DomainError) {
    try expect(0x7B)
    if take(0x7D) { return }
    repeat {
      skipSpace()
      let place = 8 + position
      let name = try string()
      try expect(0x3A)
      try member(&self, name, place)
    } while take(0x2C)
    try expect(0x7D, or: "',' or '}'")
  }

  private mutating func numbers(most: Int) throws(DomainError) -> [Int] {
    try expect(0x5B)
    if take(0x5D) { return [] }
    var numbers: [Int] = []
    repeat {
      guard numbers.count < most else { throw unexpected("at most \(most) numbers") }
      numbers.append(try number())
    } while take(0x2C)
    try expect(0x5D, or: "',' or ']'")
    return numbers
  }

  /// A whole number in decimal digits: without sign, fraction, exponent or leading zero.
  private mutating func number() throws(DomainError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let digit = Int(bytes[position] - 0x30)
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(digit)
      guard !overflow, !carry, position == start || value > 0 else {
        position = start
        throw unexpected("a whole number below 2^63")
      }
      value = sum
      position += 1
    }
    guard position > start else { throw unexpected("a whole number below 2^63") }
    return value
  }

  private mutating func string() throws(DomainError) -> String {
    try expect(0x22)
    let start = position
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != 0x22 {
      guard bytes[position] >= 0x20 else {
        throw unexpected("text without control characters")
      }
      if bytes[position] == 0x5C {
        position += 1
        try escaped(into: &text)
      } else {
        text.append(bytes[position])
        position += 1
      }
    }
    try expect(0x22, or: "'\"', the end of a text", skippingSpace: false)
    guard let result = String(validating: text, as: UTF8.self) else {
      throw malformed("byte \(8 + start)", "text in UTF-8", "other bytes")
    }
    return result
  }

  private mutating func escaped(into text: inout [UInt8]) throws(DomainError) {
    let plain: [UInt8: UInt8] = [
      0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D,
      0x74: 0x09,
    ]
    guard position < bytes.count else { throw unexpected("an escaped character") }
    if let byte = plain[bytes[position]] {
      text.append(byte)
      position += 1
      return
    }
    let place = position
    var unit = try hexadecimal()
    // Beyond 16 bits a character is two units: one of each half of the surrogates.
    if (0xD800..<0xDC00).contains(unit), position < bytes.count, bytes[position] == 0x5C {
      position += 1
      let low = try hexadecimal()
      if (0xDC00..<0xE000).contains(low) {
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
    }
    guard let scalar = Unicode.Scalar(unit) else {
      position = place
      throw unexpected("a Unicode character")
    }
    text.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  private mutating func hexadecimal() throws(DomainError) -> UInt32 {
    guard position < bytes.count, bytes[position] == 0x75, position + 4 < bytes.count else {
      throw unexpected("an escaped character")
    }
    var value = UInt32(0)
    for byte in bytes[(position + 1)...(position + 4)] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw unexpected("an escaped character")
      }
      value = value << 4 | UInt32(digit)
    }
    position += 5
    return value
  }

  // MARK: Characters

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(
    _ byte: UInt8, or words: String? = nil, skippingSpace: Bool = true
  ) throws(DomainError) {
    if skippingSpace { skipSpace() }
    guard position < bytes.count, bytes[position] == byte else {
      throw unexpected(words ?? "'\(Unicode.Scalar(byte))'")
    }
    position += 1
  }

  /// The error of what stands here.
  private func unexpected(_ expected: String) -> DomainError {
    let rest = bytes[min(position, bytes.count)...].prefix(24)
    let text = rest.map { (32..<127).contains($0) ? String(Unicode.Scalar($0)) : "?" }.joined()
    return malformed(
      "byte \(8 + position)", expected, rest.isEmpty ? "the end of the header" : "'\(text)'")
  }

  private func malformed(_ place: String, _ expected: String, _ found: String) -> DomainError {
    SafetensorsFile.malformed(path, place, expected, found)
  }
}
