import Domains
import Foundation
import Methods

/// A program that runs for one cell.
///
/// It stays in the process group of its worker, so that whoever ends the worker ends it too.
struct ProgramProcess {
  /// The words of its command; the folder is added.
  let words: [String]
  /// The folder with its task.
  let folder: String

  /// Runs the program to its end.
  ///
  /// What it prints is dropped but for the last line of its standard error, which says why where it
  /// fails.
  ///
  /// - Returns: the most memory that it held, in MiB.
  func run() throws(CellFailure) -> Double {
    let errors = "\(folder)/stderr.txt"
    let process = try start(errors: errors)
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
    let signal = status & 0x7F
    guard status == 0 else {
      throw .program(
        status: signal == 0 ? status >> 8 & 0xFF : signal, bySignal: signal != 0,
        lastLine: Self.lastLine(of: errors))
    }
    return Double(usage.ru_maxrss) / 1024
  }

  private func start(errors: String) throws(CellFailure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // The program interrupts as programs do; workers leave that to who started them.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigfillset(&defaults)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var process: pid_t = 0
    let code = Self.withStrings(words + [folder]) { arguments in
      Self.withStrings(environment) { environment in
        posix_spawnp(&process, words[0], &actions, &attributes, arguments, environment)
      }
    }
    guard code == 0 else {
      throw .programNotStarted(command: words[0], reason: String(cString: strerror(code)))
    }
    return process
  }

  /// The worker's environment with one thread for each library that asks it how many to use.
  private var environment: [String] {
    let threads = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]
    return ProcessInfo.processInfo.environment
      .merging(threads.map { ($0, "1") }) { $1 }
      .map { "\($0.key)=\($0.value)" }.sorted()
  }

  private static func withStrings(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32
  ) -> Int32 {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }

  /// The last line of a file that isn't empty, cut to a sentence's length.
  static func lastLine(of path: String) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? file.close() }
    let size = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: size > 8_192 ? size - 8_192 : 0)
    let text = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    guard let last = lines.last else { return "" }
    return last.count > 300 ? last.prefix(300) + " ..." : last
  }
}

/// Where the workers of this machine put what a program is given.
enum ScratchFolder {
  /// The folder of a worker, removed after each cell, and by whoever ends the worker.
  static func path(ofWorker process: Int32) -> String {
    FileManager.default.temporaryDirectory.appending(path: "transfer-bench-task-\(process)").path
  }

  /// Removes the folder of a worker, if there is one.
  static func remove(ofWorker process: Int32) {
    let path = path(ofWorker: process)
    if FileManager.default.fileExists(atPath: path) {
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}
