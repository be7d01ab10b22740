public import Foundation

/// Where the tests find what they read.
public enum Fixtures {
  /// The package's root folder.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The golden file of that name of a test target.
  public static func golden(_ name: String, of target: String) -> URL {
    root.appending(path: "Tests/\(target)/Golden/\(name)")
  }

  /// The folder of real data sets, or nil where there is none.
  public static let dataFolder: URL? = {
    let named = ProcessInfo.processInfo.environment["TRANSFERBENCH_DATA"]
    let folder =
      named.map { URL(fileURLWithPath: $0) }
      ?? root.appending(path: "../shared/data").standardizedFileURL
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  /// Why a test that needs the real data sets is skipped.
  public static let noData = "no data folder: set TRANSFERBENCH_DATA"
}
