import ArgumentParser
import Domains
import Experiments
import Foundation
import Learners
import LinearAlgebra
import Metrics

/// `bench doctor`: what the program found of the machine, its libraries and the data.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the CPU, the BLAS kernels and their speed, the libraries and the data found.",
    discussion: """
      Multiplies matrices for a moment to measure OpenBLAS on one thread. Where OPENBLAS_CORETYPE \
      is set, measures again without it and says what it costs.

      EXAMPLES
        bench doctor
        bench doctor --data ~/data
        OPENBLAS_CORETYPE=Haswell bench doctor
      """)

  @Flag(help: .hidden)
  var measure = false

  @OptionGroup var options: DataOptions

  func run() throws {
    let speed = BLASSpeed.measured()
    if measure {
      print(String(decoding: try JSONEncoder().encode(speed), as: UTF8.self))
      return
    }
    Self.show("Machine", Self.machine)
    Self.show("BLAS", Self.blas(speed))
    Self.show("Libraries", Self.libraries)
    let catalogue = try options.catalogue()
    Self.show("Data", Self.data(catalogue, folder: options.folder))
    for warning in Self.warnings(speed) { print("warning: \(warning)") }
  }

  private static let pinning = "OPENBLAS_CORETYPE"

  private static var machine: [(String, String)] {
    [
      ("processor", Machine.processor), ("cores", String(Machine.cores)),
      ("memory", "\(rounded(Machine.memory)) GiB"),
    ]
  }

  private static func blas(_ speed: BLASSpeed) -> [(String, String)] {
    var facts = [
      ("kernels", speed.kernels),
      (
        "dgemm",
        "\(rounded(speed.double)) GFLOP/s, one thread, \(BLASSpeed.order) x \(BLASSpeed.order)"
      ),
      ("sgemm", "\(rounded(speed.single)) GFLOP/s"),
    ]
    guard let pinned = ProcessInfo.processInfo.environment[pinning] else { return facts }
    facts[0].1 += ", as \(pinning)=\(pinned) in the environment asks"
    guard let free = BLASSpeed.measured(without: pinning) else { return facts }
    facts.append(
      (
        "without it",
        "\(free.kernels), dgemm \(rounded(free.double)) GFLOP/s"
          + " (\(times(free.double, speed.double))), sgemm \(rounded(free.single))"
          + " (\(times(free.single, speed.single)))"
      ))
    return facts
  }

  private static var libraries: [(String, String)] {
    let found =
      BLAS.libraries + [(name: "GSL", version: StatisticsLibrary.version)]
      + [(name: "libsvm", version: KernelSVM.libraryVersion)] + FormatLibraries.versions
      + [(name: "SQLite", version: ResultStore.libraryVersion ?? "not to be asked")]
    return found.map { ($0.name, $0.version) }
  }

  private static func data(_ catalogue: DataCatalogue, folder: String) -> [(String, String)] {
    let state = FileManager.default.fileExists(atPath: folder) ? "" : ", which doesn't exist"
    let sets = catalogue.cards.map { ($0.id, catalogue.state(of: $0)) }
    return [("data folder", folder + state)] + sets
  }

  private static func warnings(_ speed: BLASSpeed) -> [String] {
    guard speed.double < BLASSpeed.least else { return [] }
    return [
      "matrix products run below \(rounded(BLASSpeed.least)) GFLOP/s: another library, such as "
        + "GSL's own CBLAS, may have taken the place of OpenBLAS (`ldd` on the program names it)"
    ]
  }

  private static func show(_ heading: String, _ facts: [(String, String)]) {
    print(heading + "\n" + Describe.lines(facts), terminator: "")
  }

  private static func rounded(_ value: Double) -> String { String(format: "%.1f", value) }

  private static func times(_ free: Double, _ pinned: Double) -> String {
    String(format: "%.2f times as fast", free / pinned)
  }
}
