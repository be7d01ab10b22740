import Foundation

/// The folder of resources that the package's build puts beside the executable.
///
/// It holds `data-cards` and `data`. The generated `Bundle.module` ends the process where the
/// folder is gone, so it is found here, without it.
struct Resources: Sendable {
  let folder: String

  static let folderName = "transfer-bench_Domains.resources"

  /// The folder beside the executable, or the error that it isn't there.
  static func found() throws(DomainError) -> Resources {
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return try found(beside: [
      executable.deletingLastPathComponent().path, Bundle.main.bundleURL.path,
    ])
  }

  /// The folder in the first of these folders that has it.
  static func found(beside folders: [String]) throws(DomainError) -> Resources {
    let candidates = folders.map { URL(fileURLWithPath: $0).appending(path: folderName).path }
    for path in candidates
    where FileManager.default.fileExists(atPath: path + "/data-cards") {
      return Resources(folder: path)
    }
    throw .missing(path: candidates.first ?? folderName)
  }

  /// The path of a data file.
  func dataPath(_ name: String) -> String { folder + "/data/" + name }

  /// The paths of the cards, sorted.
  func cardPaths() throws(DomainError) -> [String] {
    let cards = folder + "/data-cards"
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: cards) else {
      throw .missing(path: cards)
    }
    return names.filter { $0.hasSuffix(".md") && $0 != "README.md" }.sorted()
      .map { cards + "/" + $0 }
  }
}
