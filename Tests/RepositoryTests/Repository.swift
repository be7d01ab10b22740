import Foundation
import TestSupport

/// The files of the repository, as the tests read them.
enum Repository {
  /// One file: its path below the root and its lines.
  struct File: CustomStringConvertible {
    let path: String
    let lines: [Substring]

    var description: String { path }
    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
  }

  /// The files below a folder with that ending, sorted by path.
  static func files(below folder: String, ending: String) throws -> [File] {
    let root = Fixtures.root.appending(path: folder)
    let paths =
      FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return try paths.filter { $0.hasSuffix(ending) }.sorted().map {
      try file("\(folder)/\($0)")
    }
  }

  /// One file by its path below the root.
  static func file(_ path: String) throws -> File {
    let text = try String(contentsOf: Fixtures.root.appending(path: path), encoding: .utf8)
    return File(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
  }

  /// Every Swift file in Sources and Tests, and the manifest.
  static func swiftFiles() throws -> [File] {
    try files(below: "Sources", ending: ".swift") + files(below: "Tests", ending: ".swift")
      + [file("Package.swift")]
  }

  /// Whether something lies at a path below the root.
  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: Fixtures.root.appending(path: path).path)
  }
}
