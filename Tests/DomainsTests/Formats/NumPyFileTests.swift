import Domains
import Foundation
import TestSupport
import Testing

struct NumPyFileTests {
  private static let counting = NumericArray(shape: [3, 4], values: (0..<12).map(Double.init))

  @Test(
    "every numeric type, in either byte order and every format version",
    arguments: ["u1-byte", "i1-byte", "version-2", "version-3"]
      + ["u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"].flatMap {
        ["\($0)-little", "\($0)-big"]
      })
  func types(name: String) throws {
    #expect(try NumPyFile.readNPY(Fixtures.format("numpy/\(name).npy")) == Self.counting)
  }

  @Test("truth values are 0 and 1")
  func truth() throws {
    let array = try NumPyFile.readNPY(Fixtures.format("numpy/b1.npy"))
    #expect(array.values == (0..<12).map { Double($0 % 2) })
  }

  @Test("Fortran order becomes C order")
  func fortranOrder() throws {
    let array = try NumPyFile.readNPY(Fixtures.format("numpy/fortran.npy"))
    #expect(array == NumericArray(shape: [2, 3, 4], values: (0..<24).map(Double.init)))
  }

  @Test("a single number, and no number")
  func smallest() throws {
    #expect(
      try NumPyFile.readNPY(Fixtures.format("numpy/scalar.npy"))
        == NumericArray(shape: [], values: [7]))
    #expect(
      try NumPyFile.readNPY(Fixtures.format("numpy/empty.npy"))
        == NumericArray(shape: [0, 5], values: []))
  }

  @Test("texts")
  func texts() throws {
    let text = try NumPyFile.readStrings(Fixtures.format("numpy/text.npy"))
    #expect(text.shape == [2, 2] && text.values == ["a", "grün", "", "日本"])
    let bytes = try NumPyFile.readStrings(Fixtures.format("numpy/bytes.npy"))
    #expect(bytes.shape == [2] && bytes.values == ["one", "three"])
  }

  @Test("archives, stored and deflated", arguments: ["stored", "deflated"])
  func archives(name: String) throws {
    let path = Fixtures.format("numpy/\(name).npz")
    #expect(try NumPyFile.arrays(path) == ["x", "y", "names"])
    #expect(try NumPyFile.readNPZ(path, array: "x") == Self.counting)
    #expect(try NumPyFile.readNPZ(path, array: "y").values == [1, -2, 3])
    #expect(try NumPyFile.readStrings(path, array: "names").values == ["a", "grün"])
    let error = malformed { () throws(DomainError) in
      _ = try NumPyFile.readNPZ(path, array: "z")
    }
    #expect(error?.place == "array z")
    #expect(error?.found == "the arrays x, y, names")
  }

  @Test("types that hold no numbers", arguments: ["complex", "record", "object", "text"])
  func refusedTypes(name: String) {
    let error = malformed { () throws(DomainError) in
      _ = try NumPyFile.readNPY(Fixtures.format("numpy/\(name).npy"))
    }
    #expect(error?.place.hasPrefix("byte ") == true)
  }

  @Test("an integer that no double equals is refused, not rounded")
  func largeInteger() {
    let error = malformed { () throws(DomainError) in
      _ = try NumPyFile.readNPY(Fixtures.format("numpy/beyond-2-53.npy"))
    }
    #expect(error?.place == "byte 128")
    #expect(error?.expected == "an integer below 2^53, which a double holds exactly")
  }

  @Test(
    "a header that promises more than the file holds",
    arguments: [
      "(1000000000000, 1000000000000)", "(9223372036854775807,)", "(99999999999999999999,)",
      "(0, 9223372036854775807, 4)", "(4,)", "(-1,)", "(3 4)", "3", "(3.0,)",
    ])
  func declaredShapes(shape: String) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let start = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
    let path = try folder.file("huge.npy", start + [UInt8](repeating: 0, count: 24))
    #expect(malformed { () throws(DomainError) in _ = try NumPyFile.readNPY(path) } != nil)
    let short = try folder.file("header.npy", start)
    #expect(malformed { () throws(DomainError) in _ = try NumPyFile.readNPY(short) } != nil)
  }

  @Test("a zip bomb's declared size isn't believed")
  func declaredSizeInArchive() throws {
    var bytes = try Fixtures.bytes("numpy/deflated.npz")
    // The size in the first central directory record: 4 bytes, 24 after its signature.
    let signature = try #require(
      bytes.indices.dropLast(4).first { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 1, 2] })
    for index in 0..<4 { bytes[signature + 24 + index] = index == 3 ? 0x7F : 0xFF }
    let temporary = try TemporaryFolder()
    defer { temporary.remove() }
    let path = try temporary.file("bomb.npz", bytes)
    #expect(
      malformed { () throws(DomainError) in _ = try NumPyFile.readNPZ(path, array: "x") } != nil)
  }

  @Test("another file is not an array")
  func wrongMagic() throws {
    let error = malformed { () throws(DomainError) in
      _ = try NumPyFile.readNPY(Fixtures.format("numpy/stored.npz"))
    }
    #expect(error?.place == "byte 0")
    #expect(
      throws: DomainError.missing(path: "/nowhere/x.npy")
    ) { try NumPyFile.readNPY("/nowhere/x.npy") }
    let folder = malformed { () throws(DomainError) in _ = try NumPyFile.readNPY("/tmp") }
    #expect(folder?.found == "a folder")
    let device = malformed { () throws(DomainError) in _ = try NumPyFile.readNPY("/dev/zero") }
    #expect(device?.found == "a pipe or device")
  }

  @Test("truncated at every length")
  func truncated() throws {
    for name in ["f8-little", "fortran", "version-2", "u1-byte"] {
      let bytes = try Fixtures.bytes("numpy/\(name).npy")
      try Damage(bytes).expectErrorsForPrefixes(lengths: 0..<bytes.count) {
        (path) throws(DomainError) in try NumPyFile.readNPY(path)
      }
    }
    for name in ["stored", "deflated"] {
      let bytes = try Fixtures.bytes("numpy/\(name).npz")
      try Damage(bytes).expectErrorsForPrefixes(lengths: 0..<bytes.count) {
        (path) throws(DomainError) in try NumPyFile.readNPZ(path, array: "x")
      }
    }
  }

  @Test("changed bytes")
  func changed() throws {
    for name in ["f8-big", "fortran", "version-3", "b1"] {
      try Damage(try Fixtures.bytes("numpy/\(name).npy")).expectNoCrash {
        (path) throws(DomainError) in try NumPyFile.readNPY(path).values.map(\.bitPattern)
      }
    }
    try Damage(try Fixtures.bytes("numpy/text.npy")).expectNoCrash {
      (path) throws(DomainError) in try NumPyFile.readStrings(path).values
    }
    for name in ["stored", "deflated"] {
      try Damage(try Fixtures.bytes("numpy/\(name).npz")).expectNoCrash(equal: true) {
        (path) throws(DomainError) in try NumPyFile.readNPZ(path, array: "x")
      }
    }
  }
}
