import Foundation
import LinearAlgebra

/// What the program runs on.
enum Machine {
  /// The processor's name, as Linux states it.
  static var processor: String {
    let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = info.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
      ?? "unknown"
  }

  /// The number of cores that the process may use.
  static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The main memory, in GiB.
  static var memory: Double { Double(ProcessInfo.processInfo.physicalMemory) / 0x1p30 }
}

/// The speed of matrix products on one thread.
struct BLASSpeed: Codable, Hashable {
  /// The kernels in use, such as `Haswell`.
  let kernels: String
  /// GFLOP/s in double precision.
  let double: Double
  /// GFLOP/s in single precision.
  let single: Double

  /// Below this, in double precision, something other than OpenBLAS is at work.
  static let least = 20.0
  /// The order of the matrices multiplied.
  static let order = 1_024

  /// Measures this process, in processor time, so that other programs count little.
  static func measured() -> BLASSpeed {
    BLASSpeed(
      kernels: BLAS.coreType, double: speed(of: Double.self), single: speed(of: Float.self))
  }

  /// Measures another process of this program, in the same environment less one variable.
  ///
  /// - Returns: nil where the process can't be run.
  static func measured(without variable: String) -> BLASSpeed? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["doctor", "--measure"]
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != variable }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try? JSONDecoder().decode(BLASSpeed.self, from: output)
  }

  private static func speed<Scalar: MatrixScalar>(of: Scalar.Type) -> Double {
    let matrix = Matrix<Scalar>(rows: order, columns: order, repeating: 0.5)
    let best = (0..<7).map { _ in
      let started = clock()
      _ = matrix * matrix
      return Double(clock() - started) / Double(CLOCKS_PER_SEC)
    }.min()
    return 2 * Double(order * order * order) / (best ?? .infinity) / 1e9
  }
}
