import CCrypto
import Foundation

/// SHA-256 by libcrypto.
enum CardChecksum {
  static func sha256(bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    _ = EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
    return digest.map { String(format: "%02x", $0) }.joined()
  }
}
extension DataFile {
  func checksum(at path: String) throws(DomainError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else { throw .missing(path: path) }
    return CardChecksum.sha256(bytes: Array(data))
  }
}
