import Domains
import Foundation
import TestSupport
import Testing

struct SafetensorsFileTests {
  private static let counting = FloatArray(shape: [2, 3], values: (0..<6).map(Float.init))

  /// The arrays of `small.safetensors`, which lie there in the order of their names.
  static let small: [NamedArray] = [
    NamedArray(name: "grün \"\\\n日本🐣", array: FloatArray(shape: [1], values: [-1])),
    NamedArray(
      name: "layer.0.bias",
      array: FloatArray(
        shape: [7],
        values: [
          0, -0.0, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, .infinity, .nan, 0.1,
        ])),
    NamedArray(
      name: "layer.0.weight",
      array: FloatArray(shape: [2, 3], values: counting.values.map { $0 / 3 })),
    NamedArray(name: "none", array: FloatArray(shape: [0, 4], values: [])),
    NamedArray(name: "scalar", array: FloatArray(shape: [], values: [7])),
  ]

  /// Arrays in a form in which NaNs are equal where their bits are.
  static func bits(_ arrays: [NamedArray]) -> [String] {
    arrays.map { "\($0.name) \($0.array.shape) \($0.array.values.map(\.bitPattern))" }
  }

  @Test("every type of numbers that Python's package writes")
  func types() throws {
    let path = Fixtures.format("weights/types.safetensors")
    let arrays = try SafetensorsFile.read(path)
    #expect(arrays.count == 13)
    for array in arrays where array.name != "BOOL" { #expect(array.array == Self.counting) }
    #expect(arrays.last?.name == "BOOL" && arrays.last?.array.values == [0, 1, 0, 1, 0, 1])
    #expect(try SafetensorsFile.metadata(path).map { [$0.key, $0.value] } == [["format", "pt"]])
  }

  @Test("a file of Python's package is read to the bit, and written again as it was")
  func golden() throws {
    let path = Fixtures.format("weights/small.safetensors")
    let arrays = try SafetensorsFile.read(path)
    #expect(Self.bits(arrays) == Self.bits(Self.small))
    let shapes = try SafetensorsFile.shapes(path)
    #expect(shapes.map(\.name) == Self.small.map(\.name))
    #expect(shapes.map(\.shape) == Self.small.map(\.array.shape))
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try SafetensorsFile.write(arrays, to: folder.path + "/again.safetensors")
    let again = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/again.safetensors"))
    #expect(Array(again) == (try Fixtures.bytes("weights/small.safetensors")))
  }

  @Test("what is written is read back, in the order that it had", arguments: 0..<9)
  func roundTrip(padding: Int) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/a.safetensors"
    // Names of every length, for every padding of the header.
    let arrays =
      Self.small.reversed() + [
        NamedArray(name: String(repeating: "\u{1}", count: padding), array: Self.counting)
      ]
    try SafetensorsFile.write(
      arrays, metadata: [("b\n\u{2}", "\"\\"), ("a", String(repeating: "x", count: padding))],
      to: path)
    #expect(Self.bits(try SafetensorsFile.read(path)) == Self.bits(arrays))
    #expect(
      try SafetensorsFile.metadata(path).map { [$0.key, $0.value] }
        == [["b\n\u{2}", "\"\\"], ["a", String(repeating: "x", count: padding)]])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(bytes[0] % 8 == 0)
    try SafetensorsFile.write([], metadata: [], to: path)
    #expect(try SafetensorsFile.read(path).isEmpty)
  }

  @Test(
    "Python's package reads it", .enabled(if: Python.hasSafetensors, "no python3 with safetensors"))
  func python() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/a.safetensors"
    try SafetensorsFile.write(Self.small.reversed(), to: path)
    let output = try Python.run(
      """
      import safetensors, sys
      with safetensors.safe_open(sys.argv[1], framework="numpy") as file:
          print(file.metadata())
          for name in file.offset_keys():
              array = file.get_tensor(name)
              print(repr(name), array.dtype, array.shape, array.tobytes().hex())
      """, [path])
    #expect(
      output == """
        {'format': 'pt'}
        'scalar' float32 () 0000e040
        'none' float32 (0, 4) \("")
        'layer.0.weight' float32 (2, 3) 00000000abaaaa3eabaa2a3f0000803fabaaaa3f5555d53f
        'layer.0.bias' float32 (7,) 000000000000008001000000ffff7fff0000807f0000c07fcdcccc3d
        'grün "\\\\\\n日本🐣' float32 (1,) 000080bf

        """)
  }

  @Test("what can't be written")
  func unwritable() {
    let twice = [Self.small[0], Self.small[0]]
    #expect(
      throws: DomainError.unwritable(
        path: "/tmp/a.safetensors", reason: "two arrays named \(Self.small[0].name)")
    ) { try SafetensorsFile.write(twice, to: "/tmp/a.safetensors") }
    let reserved = [NamedArray(name: "__metadata__", array: Self.counting)]
    #expect(
      throws: DomainError.unwritable(
        path: "/tmp/a.safetensors", reason: "two arrays named __metadata__")
    ) { try SafetensorsFile.write(reserved, to: "/tmp/a.safetensors") }
    #expect(
      throws: DomainError.unwritable(path: "/tmp/a.safetensors", reason: "two texts of one name")
    ) {
      try SafetensorsFile.write(
        [], metadata: [("a", "1"), ("a", "2")], to: "/tmp/a.safetensors")
    }
  }

  // MARK: Hostile files

  /// A file with this header, whose declared length may be another, and this many bytes of data.
  private func file(
    _ header: [UInt8], data: Int = 0, declared: UInt64? = nil, in folder: TemporaryFolder
  ) throws -> String {
    let length = declared ?? UInt64(header.count)
    return try folder.file(
      "hostile.safetensors",
      (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) } + header
        + [UInt8](repeating: 0, count: data))
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var header: String
    var data = 0
    var place: String
    var expected: String
    var found: String

    var testDescription: String { String(header.prefix(60)).debugDescription }
  }

  private static func array(
    _ name: String, _ shape: String, _ start: Int, _ end: Int, type: String = "F32"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(start),\#(end)]}"#
  }

  private static let once = "each of dtype, shape and data_offsets once"
  private static let whole = "a whole number below 2^63"

  @Test(
    "a header that lies, or that is no header",
    arguments: [
      // Shapes against offsets.
      Case(
        header: "{\(array("a", "2,3", 0, 20))}", data: 20, place: "array a",
        expected: "24 bytes for shape 2 × 3 of type float32",
        found: "20 bytes, 0 to 20 of the data"),
      Case(
        header: "{\(array("a", "4294967296,4294967296,16", 0, 0))}", place: "array a",
        expected: "fewer elements for shape 4294967296 × 4294967296 × 16 of type float32",
        found: "0 bytes, 0 to 0 of the data"),
      Case(
        header: "{\(array("a", "4611686018427387904,4,0", 0, 0))}", place: "array a",
        expected: "fewer elements for shape 4611686018427387904 × 4 × 0 of type float32",
        found: "0 bytes, 0 to 0 of the data"),
      Case(
        header: "{\(array("a", "1000000000000", 0, 4_000_000_000_000))}", data: 8,
        place: "byte 86", expected: "4000000000000 bytes of elements, as the header says",
        found: "8 bytes"),
      Case(
        header: "{\(array("a", "1", 4, 0))}", data: 4, place: "array a",
        expected: "two data_offsets, the first not the larger", found: "[4, 0]"),
      Case(
        header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}"#, data: 4,
        place: "array a", expected: "two data_offsets, the first not the larger", found: "[4]"),
      // Spans that overlap, leave a gap, or leave bytes over.
      Case(
        header: "{\(array("a", "2", 0, 8)),\(array("b", "2", 4, 12))}", data: 12,
        place: "array b", expected: "elements from byte 8 of the data, where those before them end",
        found: "byte 4"),
      Case(
        header: "{\(array("a", "2", 0, 8)),\(array("b", "2", 0, 8))}", data: 8,
        place: "array b", expected: "elements from byte 8 of the data, where those before them end",
        found: "byte 0"),
      Case(
        header: "{\(array("b", "1", 8, 12)),\(array("a", "1", 0, 4))}", data: 12,
        place: "array b", expected: "elements from byte 4 of the data, where those before them end",
        found: "byte 8"),
      Case(
        header: "{\(array("a", "1", 4, 8))}", data: 8,
        place: "array a", expected: "elements from byte 0 of the data, where those before them end",
        found: "byte 4"),
      Case(
        header: "{\(array("a", "0", 8, 8)),\(array("b", "1", 0, 4))}", data: 4,
        place: "array a", expected: "elements from byte 4 of the data, where those before them end",
        found: "byte 8"),
      Case(
        header: "{\(array("a", "1", 0, 4))}", data: 5, place: "byte 62",
        expected: "4 bytes of elements, as the header says", found: "5 bytes"),
      Case(
        header: "{}", data: 1, place: "byte 10",
        expected: "0 bytes of elements, as the header says", found: "1 bytes"),
      // Names and keys.
      Case(
        header: "{\(array("a", "1", 0, 4)),\(array("a", "1", 4, 8))}", data: 8,
        place: "byte 62", expected: "names that differ", found: "'a' twice"),
      Case(
        header: "{\(array("a", "1", 0, 4)),\(array(#"\u0061"#, "1", 4, 8))}", data: 8,
        place: "byte 62", expected: "names that differ", found: "'a' twice"),
      Case(
        header: #"{"__metadata__":{},"__metadata__":{}}"#, place: "byte 27",
        expected: "names that differ", found: "'__metadata__' twice"),
      Case(
        header: #"{"__metadata__":{"a":"","a":""}}"#, place: "byte 32",
        expected: "names that differ", found: "'a' twice"),
      Case(
        header: #"{"a":{"dtype":"F32","dtype":"F32"}}"#, place: "byte 28", expected: once,
        found: "'dtype'"),
      Case(
        header: #"{"a":{"dtype":"F32","shape":[],"offset":[0,4]}}"#, place: "byte 39",
        expected: once, found: "'offset'"),
      Case(
        header: #"{"a":{"shape":[],"data_offsets":[0,0]}}"#, place: "byte 13", expected: once,
        found: "no dtype"),
      Case(
        header: #"{"a":{"dtype":"F32","data_offsets":[0,0]}}"#, place: "byte 13", expected: once,
        found: "no shape"),
      Case(
        header: #"{"a":{"dtype":"F32","shape":[]}}"#, place: "byte 13", expected: once,
        found: "no data_offsets"),
      Case(
        header: "{\(array("a", "", 0, 4, type: "f32"))}", data: 4, place: "array a",
        expected: "a type of numbers: BOOL, U8 to U64, I8 to I64, F16, BF16, F32 or F64",
        found: "type 'f32'"),
      // Numbers.
      Case(
        header: #"{"a":{"shape":[-1]}}"#, place: "byte 23", expected: whole, found: "'-1]}}'"),
      Case(
        header: #"{"a":{"shape":[1.5]}}"#, place: "byte 24", expected: "',' or ']'",
        found: "'.5]}}'"),
      Case(
        header: #"{"a":{"shape":[1e9]}}"#, place: "byte 24", expected: "',' or ']'",
        found: "'e9]}}'"),
      Case(
        header: #"{"a":{"shape":[01]}}"#, place: "byte 23", expected: whole, found: "'01]}}'"),
      Case(
        header: #"{"a":{"shape":[9223372036854775808]}}"#, place: "byte 23", expected: whole,
        found: "'9223372036854775808]}}'"),
      Case(
        header: #"{"a":{"shape":[99999999999999999999999]}}"#, place: "byte 23", expected: whole,
        found: "'99999999999999999999999]'"),
      Case(
        header: #"{"a":{"shape":[\#(String(repeating: "1,", count: 64))1]}}"#,
        place: "byte 151", expected: "at most 64 numbers", found: "'1]}}'"),
      Case(
        header: #"{"a":{"data_offsets":[0,0,0]}}"#, place: "byte 34",
        expected: "at most 2 numbers", found: "'0]}}'"),
      // What is JSON, but no header; depth costs nothing.
      Case(header: "[]", place: "byte 8", expected: "'{'", found: "'[]'"),
      Case(header: " {}", place: "byte 8", expected: "'{'", found: "' {}'"),
      Case(header: "", place: "byte 8", expected: "'{'", found: "the end of the header"),
      Case(
        header: #"{"a":\#(String(repeating: "[", count: 100_000))"#, place: "byte 13",
        expected: "'{'", found: "'[[[[[[[[[[[[[[[[[[[[[[[['"),
      Case(
        header: String(repeating: #"{"a":"#, count: 100_000), place: "byte 14",
        expected: once, found: "'a'"),
      Case(
        header: #"{"a":{"shape":[\#(String(repeating: "[", count: 100_000))"#, place: "byte 23",
        expected: whole, found: "'[[[[[[[[[[[[[[[[[[[[[[[['"),
      Case(header: #"{"a":null}"#, place: "byte 13", expected: "'{'", found: "'null}'"),
      Case(
        header: #"{"__metadata__":{"a":1}}"#, place: "byte 29", expected: "'\"'", found: "'1}}'"),
      // What isn't JSON.
      Case(
        header: #"{"__metadata__":{},}"#, place: "byte 27", expected: "'\"'", found: "'}'"),
      Case(header: "{} {}", place: "byte 11", expected: "the header's end", found: "'{}'"),
      Case(header: "{}\0", place: "byte 10", expected: "the header's end", found: "'?'"),
      Case(header: "{", place: "byte 9", expected: "'\"'", found: "the end of the header"),
      Case(
        header: #"{"ab"#, place: "byte 12", expected: "'\"', the end of a text",
        found: "the end of the header"),
      Case(
        header: "{\"a\nb", place: "byte 11", expected: "text without control characters",
        found: "'?b'"),
      Case(
        header: #"{"a\x"#, place: "byte 12", expected: "an escaped character", found: "'x'"),
      Case(
        header: #"{"a\u12"#, place: "byte 12", expected: "an escaped character", found: "'u12'"),
      Case(
        header: #"{"a\ud83d":{}}"#, place: "byte 12", expected: "a Unicode character",
        found: "'ud83d\":{}}'"),
      Case(
        header: #"{"a\ud83d\u0041":{}}"#, place: "byte 12", expected: "a Unicode character",
        found: "'ud83d\\u0041\":{}}'"),
      Case(
        header: #"{"a\ud83d\n":{}}"#, place: "byte 18", expected: "an escaped character",
        found: "'n\":{}}'"),
    ])
  func hostile(_ hostile: Case) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = try file(Array(hostile.header.utf8), data: hostile.data, in: folder)
    let error = DomainError.malformed(
      path: path, place: hostile.place, expected: hostile.expected, found: hostile.found)
    #expect(throws: error) { try SafetensorsFile.read(path) }
    #expect(throws: error) { try SafetensorsFile.shapes(path) }
  }

  @Test("a header that isn't UTF-8")
  func encoding() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = try file(Array("{\"a".utf8) + [0xFF] + Array("\":{}}".utf8), in: folder)
    #expect(
      throws: DomainError.malformed(
        path: path, place: "byte 10", expected: "text in UTF-8", found: "other bytes")
    ) { try SafetensorsFile.read(path) }
  }

  @Test("a long name is shortened in the error")
  func longName() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let name = String(repeating: "é", count: 10_000)
    let path = try file(Array("{\(Self.array(name, "1", 0, 8))}".utf8), data: 8, in: folder)
    let error = malformed { () throws(DomainError) in _ = try SafetensorsFile.read(path) }
    #expect(error?.place == "array " + String(repeating: "é", count: 60) + "…")
  }

  @Test("a header that is longer than the file, or than the format allows")
  func headerLength() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    for declared in [3, 100_000_000, 1 << 40, 1 << 63, UInt64.max] {
      let path = try file(Array("{}".utf8), declared: declared, in: folder)
      #expect(
        throws: DomainError.malformed(
          path: path, place: "byte 0",
          expected: "a header of at most 2 bytes, for the file's size",
          found: "\(declared) bytes declared")
      ) { try SafetensorsFile.read(path) }
    }
    let short = try folder.file("short.safetensors", [2, 0, 0, 0, 0, 0, 0])
    #expect(
      throws: DomainError.malformed(
        path: short, place: "byte 7", expected: "the header's length in 8 bytes",
        found: "the end of the file")
    ) { try SafetensorsFile.read(short) }
    // A file of 200 MB, all of it a hole.
    let large = try file([], declared: 100_000_001, in: folder)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: large))
    try handle.truncate(atOffset: 200_000_000)
    try handle.close()
    #expect(
      throws: DomainError.malformed(
        path: large, place: "byte 0", expected: "a header of at most 100000000 bytes",
        found: "100000001 bytes declared")
    ) { try SafetensorsFile.read(large) }
  }

  @Test("numbers that single precision can't hold")
  func numbers() throws {
    let types = Fixtures.format("weights/f8.safetensors")
    #expect(
      throws: DomainError.malformed(
        path: types, place: "array a",
        expected: "a type of numbers: BOOL, U8 to U64, I8 to I64, F16, BF16, F32 or F64",
        found: "type 'F8_E4M3'")
    ) { try SafetensorsFile.read(types) }
    let integers = Fixtures.format("weights/beyond-2-24.safetensors")
    #expect(
      throws: DomainError.malformed(
        path: integers, place: "array n, byte 0",
        expected: "an integer below 2^24, which a float holds exactly", found: "about 16777216.0")
    ) { try SafetensorsFile.read(integers) }
    let large = Fixtures.format("weights/large.safetensors")
    #expect(
      throws: DomainError.malformed(
        path: large, place: "array x, byte 8", expected: "a number that single precision can hold",
        found: "1e+39")
    ) { try SafetensorsFile.read(large) }
  }

  @Test("truncated and with changed bytes")
  func damaged() throws {
    for (name, step) in [("small", 1), ("types", 13)] {
      let bytes = try Fixtures.bytes("weights/\(name).safetensors")
      try Damage(bytes).expectErrorsForPrefixes(lengths: stride(from: 0, to: bytes.count, by: step))
      {
        (path) throws(DomainError) in Self.bits(try SafetensorsFile.read(path))
      }
      try Damage(bytes).expectNoCrash {
        (path) throws(DomainError) in Self.bits(try SafetensorsFile.read(path))
      }
    }
    #expect(throws: DomainError.missing(path: "/nowhere/a.safetensors")) {
      try SafetensorsFile.read("/nowhere/a.safetensors")
    }
  }
}
