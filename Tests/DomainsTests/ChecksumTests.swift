import Domains
import Foundation
import TestSupport
import Testing

struct ChecksumTests {
  @Test("the digests that FIPS 180-4's examples give")
  func knownAnswers() {
    #expect(
      Checksum.sha256(bytes: [])
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      Checksum.sha256(bytes: Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("a file that is read in pieces")
  func file() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = try folder.file("a", [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
    #expect(
      try Checksum.sha256(file: path)
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    let long = [UInt8](repeating: 7, count: 3_000_001)
    #expect(
      try Checksum.sha256(file: try folder.file("b", long)) == Checksum.sha256(bytes: long))
    #expect(throws: DomainError.missing(path: "/nowhere")) { try Checksum.sha256(file: "/nowhere") }
  }
}
