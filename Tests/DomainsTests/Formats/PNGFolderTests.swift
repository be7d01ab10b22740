import Foundation
import TestSupport
import Testing

@testable import Domains

struct PNGFolderTests {
  private static let gray = (0..<12).map { Double($0 * 20) }

  @Test("classes and images in the order of their names")
  func order() throws {
    let folder = try PNGFolder.read(Fixtures.format("png/gray"))
    #expect(folder.classes == ["a-dogs", "b-cats"])
    #expect(folder.labels == [0, 1, 1])
    #expect(folder.images.shape == [3, 3, 4])
    #expect(
      folder.images.values == Self.gray.map { 255 - $0 } + Self.gray + Self.gray.map { $0 + 5 })
  }

  @Test("colour, palettes and single bits")
  func kinds() throws {
    let colour = try PNGFolder.read(Fixtures.format("png/colour")).images
    #expect(colour.shape == [1, 3, 4, 3])
    #expect(colour.values == Self.gray.flatMap { [$0, $0 + 1, $0 + 2] })
    let palette = try PNGFolder.read(Fixtures.format("png/palette")).images
    #expect(palette.values == Self.gray.flatMap { [$0, $0, ($0 / 2).rounded(.down)] })
    let bits = try PNGFolder.read(Fixtures.format("png/bits")).images
    #expect(bits.values == (0..<12).map { $0 % 2 == 1 ? 255 : 0 })
  }

  @Test("a gamma value changes no sample")
  func gamma() throws {
    #expect(try PNGFolder.read(Fixtures.format("png/gamma")).images.values == Self.gray)
  }

  @Test("images that aren't of one kind", arguments: ["sizes", "mixed", "transparent", "deep"])
  func refused(name: String) {
    let error = malformed { () throws(DomainError) in
      _ = try PNGFolder.read(Fixtures.format("png/\(name)"))
    }
    #expect(error?.place == "header")
  }

  @Test("folders without images")
  func folders() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let empty = malformed { () throws(DomainError) in _ = try PNGFolder.read(folder.path) }
    #expect(empty?.found == "no folders")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/one", withIntermediateDirectories: true)
    let noImages = malformed { () throws(DomainError) in _ = try PNGFolder.read(folder.path) }
    #expect(noImages?.found == "no files")
    #expect(throws: DomainError.missing(path: "/nowhere")) { try PNGFolder.read("/nowhere") }
  }

  @Test("truncated at every length and with changed bytes")
  func damaged() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    for name in ["gray/b-cats/1.png", "colour/one/1.png", "palette/one/1.png"] {
      let bytes = try Fixtures.bytes("png/\(name)")
      func read(_ path: String) throws(DomainError) -> [UInt8] {
        try PNGFolder.image(path).samples
      }
      // The last 12 bytes are the end's chunk, which holds nothing.
      try Damage(bytes).expectErrorsForPrefixes(lengths: 0..<bytes.count - 12, read)
      try Damage(bytes).expectNoCrash(read)
    }
  }
}
