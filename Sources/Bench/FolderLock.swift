import Domains
import Foundation

/// A folder of results that one process at a time may write to.
///
/// The lock is the kernel's: it ends with the process, however that ends.
final class FolderLock {
  private let descriptor: Int32

  /// Takes the lock, or throws where another process holds it.
  init(_ folder: String) throws(DomainError) {
    let path = "\(folder)/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .unwritable(path: folder, reason: "another bench is writing there")
    }
  }

  /// Lets others write.
  func release() {
    close(descriptor)
  }
}
