import Glibc

/// Whole files in memory, and what is checked before a reader takes a file at all.
enum FileBytes {
  /// The size of the file in bytes.
  ///
  /// Throws `DomainError.missing`, or `.malformed` where the path leads to something else than
  /// a file: a reader of a pipe or a device might never return.
  static func size(of path: String) throws(DomainError) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .malformed(
        path: path, place: "path", expected: "a file",
        found: status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a pipe or device")
    }
    return Int(status.st_size)
  }

  /// The bytes of the file.
  static func read(_ path: String) throws(DomainError) -> [UInt8] {
    let file = try OpenFile(path)
    return try file.bytes(at: 0, count: file.size)
  }

  /// The bytes of the file, decompressed where it is a gzip file.
  ///
  /// At most `limit` bytes are decompressed, and the rest is left.
  static func readDecompressed(_ path: String, limit: Int = .max) throws(DomainError) -> [UInt8] {
    let bytes = try read(path)
    guard Gzip.isCompressed(bytes) else { return bytes }
    return try Gzip.decompress(bytes, path: path, limit: limit)
  }

  /// The error of a file that can't be opened or read.
  static func failure(_ path: String, _ code: Int32) -> DomainError {
    if code == ENOENT || code == ENOTDIR { return .missing(path: path) }
    return .malformed(
      path: path, place: "path", expected: "a readable file", found: String(cString: strerror(code))
    )
  }
}

/// A file that is read in parts.
struct OpenFile: ~Copyable {
  let path: String
  /// The size in bytes when it was opened.
  let size: Int
  private let descriptor: Int32

  /// Opens a file; throws as `FileBytes.size(of:)` does, or where it can't be read.
  init(_ path: String) throws(DomainError) {
    let size = try FileBytes.size(of: path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileBytes.failure(path, errno) }
    self.path = path
    self.size = size
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The bytes from an offset on: `count` of them, fewer where the file ends before.
  func bytes(at offset: Int, count: Int) throws(DomainError) -> [UInt8] {
    var failed: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = UnsafeMutableBufferPointer(rebasing: buffer[filled..<count])
        let read = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
        if read < 0, errno == EINTR { continue }
        if read < 0 { failed = errno }
        if read <= 0 { break }
        filled += read
      }
    }
    guard failed == 0 else { throw FileBytes.failure(path, failed) }
    return bytes
  }
}
