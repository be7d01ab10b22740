import CCrypto
import Glibc

/// SHA-256, by which data files are known.
public enum Checksum {
  /// The SHA-256 of a file, in lower-case hexadecimal digits; the file is read piece by piece.
  public static func sha256(file path: String) throws(DomainError) -> String {
    _ = try FileBytes.size(of: path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileBytes.failure(path, errno) }
    defer { close(descriptor) }
    var digest = Digest()
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileBytes.failure(path, errno) }
      if count == 0 { return digest.finish() }
      digest.update(chunk[..<count])
    }
  }

  /// The SHA-256 of bytes, in lower-case hexadecimal digits.
  public static func sha256(bytes: [UInt8]) -> String {
    var digest = Digest()
    digest.update(bytes[...])
    return digest.finish()
  }

  /// A running digest.
  private struct Digest: ~Copyable {
    private let context = EVP_MD_CTX_new()

    init() {
      let status = EVP_DigestInit_ex(context, EVP_sha256(), nil)
      precondition(status == 1, "libcrypto computes SHA-256.")
    }

    deinit { EVP_MD_CTX_free(context) }

    mutating func update(_ bytes: ArraySlice<UInt8>) {
      bytes.withUnsafeBytes { _ = EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    }

    mutating func finish() -> String {
      var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
      var count: UInt32 = 0
      EVP_DigestFinal_ex(context, &digest, &count)
      let digits = Array("0123456789abcdef")
      return String(
        digest.prefix(Int(count)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
  }
}
