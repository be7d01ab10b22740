import Glibc

/// The folder in which data files lie.
public struct DataStore: Sendable, Hashable {
  /// The folder's path.
  public let root: String

  /// The store in a folder, which need not exist yet.
  public init(root: String) {
    self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
  }

  /// Where a file lies: `file` is a path relative to the folder.
  public func path(of file: String) -> String {
    root + "/" + file
  }

  /// Checks that a file is the one its card states.
  ///
  /// Throws `DomainError.missing`; `.malformed` where its size is another; `.wrongChecksum`.
  public func verify(_ file: String, bytes: Int, sha256: String) throws(DomainError) {
    let path = path(of: file)
    let size = try FileBytes.size(of: path)
    guard size == bytes else {
      throw .malformed(
        path: path, place: "size", expected: "\(bytes) bytes", found: "\(size) bytes")
    }
    try verifyChecksum(path, sha256, reportedPath: path)
  }

  /// Downloads a file, unless it is there and right already.
  ///
  /// The download goes to a file with `.part` after its name. One that an interrupted download
  /// left is continued. Only a file of the right size and checksum gets its name, by an atomic
  /// rename; a wrong one is deleted.
  ///
  /// `url` begins with `http://`, `https://` or `file://`. `progress` is told how many of the
  /// file's bytes are there, often. Throws `DomainError.download` with the reason,
  /// `.wrongChecksum`, or `.unwritable`.
  public func fetch(
    from url: String, to file: String, bytes: Int, sha256: String,
    progress: (_ received: Int) -> Void = { _ in }
  ) throws(DomainError) {
    let path = path(of: file)
    guard !file.hasPrefix("/"), !file.split(separator: "/").contains(".."), !file.isEmpty else {
      throw .unwritable(path: path, reason: "it lies outside the data folder")
    }
    do throws(DomainError) {
      return try verify(file, bytes: bytes, sha256: sha256)
    } catch {}
    try AtomicFile.makeFolder(AtomicFile.folder(of: path) ?? root)
    let partial = try PartialFile(path: path + ".part", url: url)
    if partial.size > bytes { try partial.clear() }
    let resumed = partial.size > 0
    do throws(DomainError) {
      do throws(DomainError) {
        try complete(partial, bytes, sha256, url: url, path: path, progress: progress)
      } catch {
        guard resumed, Self.mayComeFromTheBeginning(error) else { throw error }
        // What was there may be the beginning of another file, or the server can't continue.
        try partial.clear()
        try complete(partial, bytes, sha256, url: url, path: path, progress: progress)
      }
    } catch {
      if partial.size == 0 { unlink(partial.path) }
      throw error
    }
    guard rename(partial.path, path) == 0 else { throw AtomicFile.failure(path, errno) }
    AtomicFile.synchronizeFolder(of: path)
  }

  private static func mayComeFromTheBeginning(_ error: DomainError) -> Bool {
    switch error {
    case .wrongChecksum: true
    case .download(url: _, let reason):
      reason == Download.cannotResume || reason == Download.tooLong
    default: false
    }
  }

  /// Downloads what the partial file lacks, and checks it.
  private func complete(
    _ partial: PartialFile, _ bytes: Int, _ sha256: String, url: String, path: String,
    progress: (Int) -> Void
  ) throws(DomainError) {
    if partial.size < bytes {
      try Download.append(from: url, to: partial, limit: bytes, progress: progress)
    }
    guard partial.size == bytes else {
      throw .download(url: url, reason: "it ended after \(partial.size) of \(bytes) bytes")
    }
    try partial.synchronize()
    do throws(DomainError) {
      try verifyChecksum(partial.path, sha256, reportedPath: path)
    } catch {
      // Nothing is gained by continuing it.
      try partial.clear()
      throw error
    }
  }

  private func verifyChecksum(
    _ path: String, _ expected: String, reportedPath: String
  ) throws(DomainError) {
    let found = try Checksum.sha256(file: path)
    guard found == expected.lowercased() else {
      throw .wrongChecksum(path: reportedPath, expected: expected, found: found)
    }
  }
}
