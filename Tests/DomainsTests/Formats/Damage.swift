import Domains
import Foundation
import Randomness
import TestSupport
import Testing

/// A folder of the test's own, which it removes.
struct TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "transfer-bench-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

extension Fixtures {
  /// A file that Scripts/golden/formats.py made.
  static func format(_ name: String) -> String {
    root.appending(path: "Tests/DomainsTests/Fixtures/\(name)").path
  }

  /// The bytes of such a file.
  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: format(name))))
  }
}

/// Reads damaged copies of a file.
struct Damage {
  private let folder: TemporaryFolder
  private let original: [UInt8]

  init(_ bytes: [UInt8]) throws {
    folder = try TemporaryFolder()
    original = bytes
  }

  /// The damaged file's path: the same for all, and named in every error.
  var path: String { "\(folder.path)/damaged" }

  /// Expects that every file that ends too early is an error that names it.
  ///
  /// `lengths` are those that are tried; by default all.
  func expectErrorsForPrefixes(
    lengths: some Sequence<Int>, _ read: (String) throws(DomainError) -> some Equatable
  ) throws {
    defer { folder.remove() }
    for length in lengths {
      let path = try folder.file("damaged", Array(original.prefix(length)))
      do throws(DomainError) {
        _ = try read(path)
        Issue.record("a file of \(length) of \(original.count) bytes was read")
      } catch {
        expectMalformed(error, "the first \(length) bytes")
      }
    }
  }

  /// Expects of a few hundred files with changed bytes that each is read or is an error.
  ///
  /// With `equal`, what is read must be what the undamaged file holds: for formats with checksums.
  func expectNoCrash<Value: Equatable>(
    count: Int = 400, equal: Bool = false, _ read: (String) throws(DomainError) -> Value
  ) throws {
    defer { folder.remove() }
    let value = try read(try folder.file("damaged", original))
    for mutation in 0..<count {
      var stream = RandomStream(RandomKey(seed: 20_260_101).child("damage", mutation))
      var bytes = original
      // One bit, one byte, or a few bytes.
      switch mutation % 3 {
      case 0: bytes[Int.random(in: 0..<bytes.count, using: &stream)] ^= 1 << UInt8(mutation / 3 % 8)
      case 1:
        bytes[Int.random(in: 0..<bytes.count, using: &stream)] = UInt8.random(
          in: 0...255, using: &stream)
      default:
        let start = Int.random(in: 0..<bytes.count, using: &stream)
        for index in start..<min(start + 4, bytes.count) {
          bytes[index] =
            Bool.random(using: &stream) ? 255 : UInt8.random(in: 0...255, using: &stream)
        }
      }
      let path = try folder.file("damaged", bytes)
      do throws(DomainError) {
        let found = try read(path)
        if equal { #expect(found == value, "mutation \(mutation)") }
      } catch {
        expectMalformed(error, "mutation \(mutation)")
      }
    }
  }

  private func expectMalformed(_ error: DomainError, _ what: String) {
    guard case .malformed(let found, let place, let expected, _) = error else {
      Issue.record("\(what): \(error)")
      return
    }
    #expect(found == path, "\(what)")
    #expect(!place.isEmpty && !expected.isEmpty, "\(what)")
  }
}

/// The place and the expectation of the error that reading must be.
func malformed(_ body: () throws(DomainError) -> Void) -> (
  place: String, expected: String, found: String
)? {
  do throws(DomainError) {
    try body()
  } catch {
    if case .malformed(_, let place, let expected, let found) = error {
      return (place, expected, found)
    }
    Issue.record("\(error)")
    return nil
  }
  Issue.record("no error")
  return nil
}
