import Domains
import Foundation
import TestSupport
import Testing

struct MATFileTests {
  private static let counting = NumericArray(shape: [3, 4], values: (0..<12).map(Double.init))

  private static let files = ["plain", "compressed", "hdf5"]

  @Test("every numeric class, with the axes that MATLAB shows", arguments: files)
  func classes(file: String) throws {
    let path = Fixtures.format("matlab/\(file).mat")
    for name in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"] {
      #expect(try MATFile.read(path, variable: name) == Self.counting, "\(name)")
    }
    #expect(
      try MATFile.read(path, variable: "truth").values == (0..<12).map { Double($0 % 2) })
    #expect(
      try MATFile.read(path, variable: "cube")
        == NumericArray(shape: [2, 3, 4], values: (0..<24).map(Double.init)))
  }

  @Test("sparse matrices are returned dense", arguments: files)
  func sparse(file: String) throws {
    #expect(
      try MATFile.read(Fixtures.format("matlab/\(file).mat"), variable: "sparse")
        == NumericArray(shape: [3, 4], values: (0..<12).map { $0 % 3 == 0 ? Double($0) : 0 }))
  }

  @Test("an empty matrix")
  func empty() throws {
    #expect(
      try MATFile.read(Fixtures.format("matlab/plain.mat"), variable: "empty")
        == NumericArray(shape: [0, 3], values: []))
  }

  @Test("arrays that hold no real numbers", arguments: ["complex", "text", "cell", "structure"])
  func refusedClasses(name: String) {
    let error = malformed { () throws(DomainError) in
      _ = try MATFile.read(Fixtures.format("matlab/plain.mat"), variable: name)
    }
    #expect(error?.place == "array \(name)")
    #expect(error?.expected == "a real numeric array")
  }

  @Test("an absent array's error names those that are there")
  func absent() {
    for file in ["small", "small-compressed"] {
      let error = malformed { () throws(DomainError) in
        _ = try MATFile.read(Fixtures.format("matlab/\(file).mat"), variable: "fts")
      }
      #expect(error?.found == "the arrays x, labels")
    }
  }

  @Test("other files")
  func otherFiles() throws {
    let old = malformed { () throws(DomainError) in
      _ = try MATFile.read(Fixtures.format("matlab/version-4.mat"), variable: "x")
    }
    #expect(old?.place == "byte 118")
    let archive = malformed { () throws(DomainError) in
      _ = try MATFile.read(Fixtures.format("numpy/stored.npz"), variable: "x")
    }
    #expect(archive?.place == "byte 126")
    #expect(throws: DomainError.missing(path: "/nowhere.mat")) {
      try MATFile.read("/nowhere.mat", variable: "x")
    }
  }

  @Test("a declared shape that the file can't hold", arguments: [0xFF, 0x7F])
  func declaredShape(byte: UInt8) throws {
    var bytes = try Fixtures.bytes("matlab/small.mat")
    // The first array's lengths lie behind its tag, its flags and their own tag: at 160 and 164.
    for index in 160..<168 { bytes[index] = index % 4 == 3 ? 0x7F : byte }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = try folder.file("huge.mat", bytes)
    #expect(
      malformed { () throws(DomainError) in _ = try MATFile.read(path, variable: "x") } != nil)
  }

  @Test(
    "truncated at every length",
    arguments: [
      ("small", "labels"), ("small-compressed", "labels"), ("small-sparse", "sparse"),
      ("small-hdf5", "f8"),
    ])
  func truncated(file: String, variable: String) throws {
    let bytes = try Fixtures.bytes("matlab/\(file).mat")
    try Damage(bytes).expectErrorsForPrefixes(lengths: 0..<bytes.count) {
      (path) throws(DomainError) in try MATFile.read(path, variable: variable)
    }
  }

  @Test(
    "changed bytes",
    arguments: [
      ("small", "x"), ("small-compressed", "x"), ("small-sparse", "sparse"), ("small-hdf5", "f8"),
      ("plain", "sparse"), ("hdf5", "cube"), ("hdf5", "sparse"),
    ])
  func changed(file: String, variable: String) throws {
    try Damage(try Fixtures.bytes("matlab/\(file).mat")).expectNoCrash {
      (path) throws(DomainError) in
      try MATFile.read(path, variable: variable).values.map(\.bitPattern)
    }
  }
}
