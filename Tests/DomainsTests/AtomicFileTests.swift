import Domains
import Foundation
import TestSupport
import Testing

struct AtomicFileTests {
  @Test("writes and replaces, and leaves nothing else")
  func replaces() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/a.txt"
    try AtomicFile.write("first", to: path)
    try AtomicFile.write(Array("second".utf8), to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
  }

  @Test("a replaced file's permissions stay")
  func permissions() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = try folder.file("a", [1])
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try AtomicFile.write([2], to: path)
    let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(found == 0o640)
  }

  @Test("folders that can't be written")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.file("a", [1])
    #expect(
      throws: DomainError.unwritable(path: file + "/b", reason: "Not a directory")
    ) { try AtomicFile.write([1], to: file + "/b") }
    #expect(
      throws: DomainError.unwritable(
        path: "/proc/transfer-bench", reason: "No such file or directory")
    ) { try AtomicFile.write([1], to: "/proc/transfer-bench") }
    #expect(
      throws: DomainError.unwritable(path: file, reason: "Not a directory")
    ) { try AtomicFile.makeFolder(file) }
  }

  @Test(
    "a full disk keeps what was there", .enabled(if: FullDisk.isPresent, "no small disk to fill"))
  func fullDisk() throws {
    let path = FullDisk.path + "/a"
    try AtomicFile.write([1, 2, 3], to: path)
    #expect(
      throws: DomainError.unwritable(path: path, reason: "No space left on device")
    ) { try AtomicFile.write([UInt8](repeating: 0, count: FullDisk.size + 1), to: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: FullDisk.path) == ["a"])
  }

  @Test("makes folders above folders")
  func makesFolders() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try AtomicFile.makeFolder(folder.path + "/a/b/c")
    try AtomicFile.makeFolder(folder.path + "/a/b/c")
    #expect(FileManager.default.fileExists(atPath: folder.path + "/a/b/c"))
  }
}

/// An empty disk of at most 64 MB that the environment variable TRANSFERBENCH_SMALL_DISK names.
enum FullDisk {
  static let path = ProcessInfo.processInfo.environment["TRANSFERBENCH_SMALL_DISK"] ?? ""
  static let size = 64 << 20
  static let isPresent = !path.isEmpty
}
