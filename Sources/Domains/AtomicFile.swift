import Glibc

/// Files that appear whole or not at all.
public enum AtomicFile {
  /// Writes a file: to a temporary one in the same folder, to the disk, and then to its name.
  ///
  /// A file of that name is replaced, and stays as it was where writing fails. Throws
  /// `DomainError.unwritable` with the system's reason: no such folder, no permission, a full
  /// disk.
  public static func write(_ bytes: [UInt8], to path: String) throws(DomainError) {
    let (temporary, descriptor) = try makeTemporary(for: path)
    var reason = bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
    var status = stat()
    // A file that is replaced hands on its permissions.
    if reason == 0, stat(path, &status) == 0, fchmod(descriptor, status.st_mode & 0o777) != 0 {
      reason = errno
    }
    if reason == 0, fsync(descriptor) != 0 { reason = errno }
    if close(descriptor) != 0, reason == 0 { reason = errno }
    if reason == 0, rename(temporary, path) != 0 { reason = errno }
    guard reason == 0 else {
      unlink(temporary)
      throw failure(path, reason)
    }
    synchronizeFolder(of: path)
  }

  /// Writes a text in UTF-8, as `write(_:to:)` writes bytes.
  public static func write(_ text: String, to path: String) throws(DomainError) {
    try write(Array(text.utf8), to: path)
  }

  /// Makes a folder and those above it; one that is there is no error.
  public static func makeFolder(_ path: String) throws(DomainError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw failure(path, ENOTDIR) }
      return
    }
    if let parent = folder(of: path), parent != path { try makeFolder(parent) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure(path, errno) }
  }

  /// The folder that holds the path; nil for a bare name and for the root.
  static func folder(of path: String) -> String? {
    guard let slash = path.lastIndex(of: "/") else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a rename in the path's folder outlast a power failure, where the system can.
  static func synchronizeFolder(of path: String) {
    let descriptor = open(folder(of: path) ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The error of a file or folder that can't be written.
  static func failure(_ path: String, _ code: Int32) -> DomainError {
    .unwritable(path: path, reason: String(cString: strerror(code)))
  }

  /// A new file beside the path; its name is no other process's, and no other thread's.
  private static func makeTemporary(
    for path: String
  ) throws(DomainError) -> (path: String, descriptor: Int32) {
    for attempt in 0..<1000 {
      let temporary = "\(path).\(getpid()).\(attempt).tmp"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (temporary, descriptor) }
      guard errno == EEXIST else { throw failure(path, errno) }
    }
    throw failure(path, EEXIST)
  }

  /// Writes all the bytes where the descriptor stands; returns 0, or why it failed as an `errno`.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return errno }
      written += count
    }
    return 0
  }
}
