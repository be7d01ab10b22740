import Domains
import Foundation
import TestSupport
import Testing

struct IDXFileTests {
  private static let cube = NumericArray(shape: [2, 3, 4], values: (0..<24).map(Double.init))

  @Test(
    "every element type, plain and compressed",
    arguments: [8, 9, 11, 12, 13, 14].map { "type-\($0).idx" } + ["compressed.idx.gz"])
  func types(name: String) throws {
    #expect(try IDXFile.read(Fixtures.format("idx/\(name)")) == Self.cube)
  }

  @Test("headers that are wrong")
  func headers() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    func error(_ bytes: [UInt8]) throws -> String? {
      let path = try folder.file("x.idx", bytes)
      return malformed { () throws(DomainError) in _ = try IDXFile.read(path) }?.place
    }
    #expect(try error([1, 0, 8, 1, 0, 0, 0, 0]) == "byte 0")
    #expect(try error([0, 0, 10, 1, 0, 0, 0, 0]) == "byte 2")
    #expect(try error([0, 0, 8, 0]) == "byte 3")
    #expect(try error([0, 0, 8, 1, 0, 0, 0, 1, 5, 5]) == "byte 8")
    #expect(try error([0, 0, 14, 4] + [UInt8](repeating: 255, count: 16)) == "byte 4")
    #expect(try error([0, 0, 8, 255] + [UInt8](repeating: 1, count: 1020)) == "byte 4")
  }

  @Test("truncated at every length and with changed bytes")
  func damaged() throws {
    for name in ["type-8.idx", "type-14.idx", "compressed.idx.gz"] {
      let bytes = try Fixtures.bytes("idx/\(name)")
      try Damage(bytes).expectErrorsForPrefixes(lengths: 0..<bytes.count) {
        (path) throws(DomainError) in try IDXFile.read(path)
      }
      try Damage(bytes).expectNoCrash(equal: name.hasSuffix("gz")) {
        (path) throws(DomainError) in
        let array = try IDXFile.read(path)
        return array.shape + array.values.map { Int(truncatingIfNeeded: $0.bitPattern) }
      }
    }
  }
}
