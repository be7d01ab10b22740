import Foundation

/// The process group of a worker and of the program that it runs.
enum OwnProcessGroup {
  /// How often a worker looks whether whoever started it is still there, in microseconds.
  private static let interval: UInt32 = 200_000

  /// Puts this process into a group of its own, which ends when the process that started it is gone.
  ///
  /// An interrupt then reaches the parent alone, which decides what becomes of the cell; and a parent
  /// that was killed leaves nobody behind who computes for nothing.
  static func make() {
    let parent = getppid()
    guard setpgid(0, 0) == 0 || getpgrp() == getpid() else { return }
    Thread.detachNewThread {
      while getppid() == parent { usleep(interval) }
      ScratchFolder.remove(ofWorker: getpid())
      kill(0, SIGKILL)
    }
  }
}
