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
    let size = try size(of: path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    var failed: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let rest = UnsafeMutableBufferPointer(rebasing: buffer[count..<size])
        let read = Glibc.read(descriptor, rest.baseAddress, rest.count)
        if read < 0, errno == EINTR { continue }
        if read < 0 { failed = errno }
        if read <= 0 { break }
        count += read
      }
    }
    guard failed == 0 else { throw failure(path, failed) }
    return bytes
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
