import CCurl
import Glibc

/// Downloads with libcurl.
enum Download {
  /// The reason where a server sends whole files only.
  static let cannotResume = "the server can't continue an interrupted download"
  /// The reason where more comes than was announced.
  static let tooLong = "it is longer than its card states"

  /// libcurl must be initialised once before any use.
  private static let isInitialized = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Appends to a file what follows the bytes that it has, up to `limit` bytes in all.
  static func append(
    from url: String, to file: PartialFile, limit: Int, progress: (Int) -> Void
  ) throws(DomainError) {
    guard isInitialized, let handle = curl_easy_init() else {
      throw .download(url: url, reason: "libcurl can't start")
    }
    defer { curl_easy_cleanup(handle) }
    let (status, failure) = withoutActuallyEscaping(progress) { progress in
      let transfer = Transfer(file: file, limit: limit, progress: progress)
      let status = withExtendedLifetime(transfer) { perform(handle, url, transfer) }
      return (status, transfer.failure)
    }
    switch failure {
    case .tooLong: throw .download(url: url, reason: tooLong)
    case .unwritable(let code): throw AtomicFile.failure(file.path, code)
    case nil: break
    }
    switch status {
    case CURLE_OK: return
    case CURLE_RANGE_ERROR, CURLE_BAD_DOWNLOAD_RESUME:
      throw .download(url: url, reason: cannotResume)
    case CURLE_HTTP_RETURNED_ERROR:
      var code = 0
      curl_get_number(handle, CURLINFO_RESPONSE_CODE, &code)
      // 416: the server has nothing from there on.
      throw .download(url: url, reason: code == 416 ? cannotResume : "HTTP status \(code)")
    default:
      throw .download(url: url, reason: String(cString: curl_easy_strerror(status)))
    }
  }

  private static func perform(
    _ handle: UnsafeMutableRawPointer, _ url: String, _ transfer: Transfer
  ) -> CURLcode {
    curl_set_text(handle, CURLOPT_URL, url)
    curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https,file")
    curl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    curl_set_text(handle, CURLOPT_USERAGENT, "transfer-bench")
    curl_set_number(handle, CURLOPT_FOLLOWLOCATION, 1)
    curl_set_number(handle, CURLOPT_MAXREDIRS, 10)
    curl_set_number(handle, CURLOPT_FAILONERROR, 1)
    curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
    // A server that says nothing for a minute is given up.
    curl_set_number(handle, CURLOPT_CONNECTTIMEOUT, 30)
    curl_set_number(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    curl_set_number(handle, CURLOPT_LOW_SPEED_TIME, 60)
    curl_set_offset(handle, CURLOPT_RESUME_FROM_LARGE, curl_off_t(transfer.file.size))
    curl_set_pointer(
      handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(transfer).toOpaque())
    curl_set_writer(handle) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      let received = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return transfer.take(received) ? received.count : 0
    }
    return curl_easy_perform(handle)
  }
}

/// A download under way.
private final class Transfer {
  enum Failure {
    case tooLong
    case unwritable(Int32)
  }

  let file: PartialFile
  private let limit: Int
  private let progress: (Int) -> Void
  private var size: Int
  private(set) var failure: Failure?

  init(file: PartialFile, limit: Int, progress: @escaping (Int) -> Void) {
    self.file = file
    self.limit = limit
    self.progress = progress
    size = file.size
  }

  /// Writes what came; false ends the download.
  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count <= limit - size else {
      failure = .tooLong
      return false
    }
    let code = file.append(bytes)
    guard code == 0 else {
      failure = .unwritable(code)
      return false
    }
    size += bytes.count
    progress(size)
    return true
  }
}

/// A file that a download appends to; no other process may at the same time.
final class PartialFile {
  let path: String
  private let descriptor: Int32

  /// Opens the file, or makes it.
  init(path: String, url: String) throws(DomainError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw AtomicFile.failure(path, errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw .download(url: url, reason: "another download of the file is running")
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    // Closing isn't enough: a child process may hold a copy of the descriptor for a while.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// The bytes that are there.
  var size: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Deletes the content.
  func clear() throws(DomainError) {
    guard ftruncate(descriptor, 0) == 0 else { throw AtomicFile.failure(path, errno) }
  }

  /// Brings the content to the disk.
  func synchronize() throws(DomainError) {
    guard fsync(descriptor) == 0 else { throw AtomicFile.failure(path, errno) }
  }

  /// Appends bytes; returns 0, or why it failed as an `errno`.
  func append(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    AtomicFile.writeAll(bytes, to: descriptor)
  }
}
