import CZip
import Glibc

/// Zip archives through libzip.
enum ZipArchive {
  /// The names of the archive's members, in its order.
  static func names(_ path: String) throws(DomainError) -> [String] {
    let archive = try open(path)
    defer { zip_discard(archive) }
    var names: [String] = []
    for index in 0..<zip_get_num_entries(archive, 0) {
      guard let name = zip_get_name(archive, UInt64(index), 0) else {
        throw .malformed(
          path: path, place: "member \(index + 1)", expected: "a name", found: text(of: archive))
      }
      names.append(String(cString: name))
    }
    return names
  }

  /// The content of a member; its checksum is verified.
  static func member(
    _ index: Int, named name: String, of path: String
  ) throws(DomainError) -> [UInt8] {
    let fileSize = try FileBytes.size(of: path)
    let archive = try open(path)
    defer { zip_discard(archive) }
    let place = "array \(name)"
    let status = try status(index, of: archive, fileSize: fileSize, path, place)
    return try content(index, of: archive, size: Int(status.size), path, place)
  }

  /// Calls `body` with the name and the content of every member, in the archive's order.
  ///
  /// Of a content no more than `limit` bytes are read; the checksum of one that is read whole is
  /// verified. Members that share their bytes in the file are an error: so a small file can't
  /// hold many large contents.
  static func forEachMember(
    of path: String, limit: Int = .max, _ body: (String, [UInt8]) throws(DomainError) -> Void
  ) throws(DomainError) {
    let fileSize = try FileBytes.size(of: path)
    let archive = try open(path)
    defer { zip_discard(archive) }
    var compressed = UInt64(0)
    for index in 0..<Int(zip_get_num_entries(archive, 0)) {
      let name = zip_get_name(archive, UInt64(index), 0).map { String(cString: $0) }
      guard let name else {
        throw .malformed(
          path: path, place: "member \(index + 1)", expected: "a name", found: text(of: archive))
      }
      let place = "member \(name)"
      let status = try status(index, of: archive, fileSize: fileSize, path, place)
      compressed += status.comp_size
      guard compressed <= fileSize else {
        throw .malformed(
          path: path, place: place, expected: "members of at most \(fileSize) bytes together",
          found: "\(compressed) bytes declared")
      }
      let size = Int(status.size)
      try body(
        name, try content(index, of: archive, size: size, limit: limit, path, place))
    }
  }

  /// What the archive says of a member, once it is known to be possible.
  private static func status(
    _ index: Int, of archive: OpaquePointer, fileSize: Int, _ path: String, _ place: String
  ) throws(DomainError) -> zip_stat_t {
    var status = zip_stat_t()
    guard zip_stat_index(archive, UInt64(index), 0, &status) == 0 else {
      throw .malformed(
        path: path, place: place, expected: "a member of the archive", found: text(of: archive))
    }
    guard status.encryption_method == 0 else {
      throw .malformed(
        path: path, place: place, expected: "a member without a password", found: "an encrypted one"
      )
    }
    guard status.comp_method == ZIP_CM_STORE || status.comp_method == ZIP_CM_DEFLATE else {
      throw .malformed(
        path: path, place: place, expected: "a stored or deflated member",
        found: "compression method \(status.comp_method)")
    }
    let ratio = status.comp_method == ZIP_CM_STORE ? 1 : UInt64(Gzip.largestRatio)
    guard status.comp_size <= fileSize, status.size <= status.comp_size * ratio else {
      throw .malformed(
        path: path, place: place,
        expected: "at most \(min(status.comp_size, UInt64(fileSize)) * ratio) bytes of content",
        found: "\(status.size) bytes declared")
    }
    return status
  }

  /// The content of a member of this size, or the `limit` bytes at its start.
  private static func content(
    _ index: Int, of archive: OpaquePointer, size: Int, limit: Int = .max, _ path: String,
    _ place: String
  ) throws(DomainError) -> [UInt8] {
    guard let file = zip_fopen_index(archive, UInt64(index), 0) else {
      throw .malformed(
        path: path, place: place, expected: "a member of the archive", found: text(of: archive))
    }
    defer { zip_fclose(file) }
    // libzip verifies the checksum when it meets the end: one byte more is asked for.
    let most = limit < size ? limit : size + 1
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      while count < most {
        let rest = UnsafeMutableRawBufferPointer(buffer)[count...]
        let got = zip_fread(
          file, UnsafeMutableRawBufferPointer(rebasing: rest).baseAddress, UInt64(rest.count))
        if got < 0 { failed = true }
        if got <= 0 { break }
        count += Int(got)
      }
    }
    guard !failed else {
      let reason = zip_file_strerror(file).map { String(cString: $0) } ?? "damaged data"
      throw .malformed(
        path: path, place: place, expected: "\(size) bytes of content", found: reason)
    }
    guard bytes.count == min(limit, size) else {
      throw .malformed(
        path: path, place: place, expected: "\(size) bytes of content",
        found: bytes.count > size ? "more" : "\(bytes.count) bytes")
    }
    return bytes
  }

  private static func open(_ path: String) throws(DomainError) -> OpaquePointer {
    _ = try FileBytes.size(of: path)
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code) else {
      var error = zip_error_t()
      zip_error_init_with_code(&error, code)
      defer { zip_error_fini(&error) }
      throw .malformed(
        path: path, place: "archive", expected: "a zip archive of arrays",
        found: String(cString: zip_error_strerror(&error)))
    }
    return archive
  }

  private static func text(of archive: OpaquePointer) -> String {
    zip_strerror(archive).map { String(cString: $0) } ?? "damaged data"
  }
}

extension ZipArchive {
  /// An archive with these members, all dated 1980-01-01, the format's first day.
  static func bytes(
    of members: [(name: String, content: [UInt8])], deflated: Bool, path: String
  ) throws(DomainError) -> [UInt8] {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let output = zip_source_buffer_create(nil, 0, 0, &error) else {
      throw failure(path, &error)
    }
    defer { zip_source_free(output) }
    // The archive takes one reference; this one keeps the bytes until they are copied.
    zip_source_keep(output)
    guard let archive = zip_open_from_source(output, ZIP_TRUNCATE, &error) else {
      zip_source_free(output)
      throw failure(path, &error)
    }
    for (name, content) in members {
      // libzip reads the content when it closes the archive, so it gets a copy to free.
      guard let copy = malloc(max(content.count, 1)) else {
        zip_discard(archive)
        throw .unwritable(path: path, reason: "no memory")
      }
      content.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(start: copy, count: $0.count).copyMemory(from: $0)
      }
      guard let source = zip_source_buffer(archive, copy, UInt64(content.count), 1) else {
        free(copy)
        zip_discard(archive)
        throw .unwritable(path: path, reason: "no memory")
      }
      let index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8)
      guard index >= 0,
        zip_set_file_compression(
          archive, UInt64(index), deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, deflated ? 6 : 0) == 0,
        zip_file_set_dostime(archive, UInt64(index), 0, 1 << 5 | 1, 0) == 0
      else {
        if index < 0 { zip_source_free(source) }
        let reason = text(of: archive)
        zip_discard(archive)
        throw .unwritable(path: path, reason: reason)
      }
    }
    guard zip_close(archive) == 0 else {
      let reason = text(of: archive)
      zip_discard(archive)
      throw .unwritable(path: path, reason: reason)
    }
    return try content(of: output, path: path)
  }

  private static func content(
    of source: OpaquePointer, path: String
  ) throws(DomainError) -> [UInt8] {
    var status = zip_stat_t()
    guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else {
      throw .unwritable(path: path, reason: "libzip made no archive")
    }
    defer { zip_source_close(source) }
    let size = Int(status.size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let rest = UnsafeMutableBufferPointer(rebasing: buffer[count...])
        let got = zip_source_read(source, rest.baseAddress, UInt64(rest.count))
        if got <= 0 { break }
        count += Int(got)
      }
    }
    guard bytes.count == size else {
      throw .unwritable(path: path, reason: "libzip made half an archive")
    }
    return bytes
  }

  private static func failure(_ path: String, _ error: inout zip_error_t) -> DomainError {
    .unwritable(path: path, reason: String(cString: zip_error_strerror(&error)))
  }
}
