public import Foundation

/// An empty folder that is removed with the value.
public final class TemporaryFolder {
  /// The folder's path.
  public let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

  /// A folder that nothing else uses.
  public init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Calls a body with the path of a folder that is removed afterwards.
  public static func with(_ body: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try withExtendedLifetime(folder) { try body(folder.path) }
  }

  /// The bytes of a file in it.
  public func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  /// The text of a file in it.
  public func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }
}
