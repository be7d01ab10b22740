import Foundation

/// The most memory that this process has held resident, from Linux's /proc.
enum PeakMemory {
  /// Starts measuring anew; where the kernel doesn't allow it the process's own peak is kept.
  static func reset() {
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
  }

  static var mebibytes: Double {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Double($0)
      })
    else { return 0 }
    return kibibytes / 1024
  }

  /// The memory that another process holds resident now.
  static func mebibytes(ofProcess process: Int32) -> Double? {
    guard let statm = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8),
      let pages = statm.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    else { return nil }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
  }
}
