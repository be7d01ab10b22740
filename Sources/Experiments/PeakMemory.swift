import Foundation

/// The most memory that this process has held resident, from Linux's /proc.
enum PeakMemory {
  /// Starts measuring anew; where the kernel doesn't allow it the process's own peak is kept.
  static func reset() {
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
  }

  static var mebibytes: Double {
    guard let status = text("/proc/self/status"),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Double($0)
      })
    else { return 0 }
    return kibibytes / 1024
  }

  /// The memory that another process and those it started hold resident now; pages that they share
  /// count for each.
  static func mebibytes(ofFamily process: Int32) -> Double? {
    guard let own = mebibytes(ofProcess: process) else { return nil }
    return children(of: process).reduce(own) { $0 + (mebibytes(ofFamily: $1) ?? 0) }
  }

  /// The processes that another one started and that still run.
  private static func children(of process: Int32) -> [Int32] {
    let folder = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return threads.flatMap { thread in
      (text("\(folder)/\(thread)/children") ?? "")
        .split(separator: " ").compactMap { Int32($0) }
    }
  }

  /// The memory that another process holds resident now.
  static func mebibytes(ofProcess process: Int32) -> Double? {
    guard let statm = text("/proc/\(process)/statm"),
      let pages = statm.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    else { return nil }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
  }

  /// A file of /proc.
  ///
  /// By `read`: Foundation keeps its buffer where such a file is empty, as those of children often
  /// are, and this is asked many times a second.
  private static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      guard count >= 0 else { return nil }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }
}
