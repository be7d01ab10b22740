import Domains
import LinearAlgebra

/// Of a run into a store: by what and on what its cells were computed.
public struct RunProvenance: Sendable, Hashable, Codable {
  /// When it began, ISO 8601.
  public let started: String
  /// The SHA-256 of its plan, limits left out.
  public let plan: String
  /// The version of the program.
  public let version: String
  /// The compiler's version, and how it compiled.
  public let toolchain: String
  /// The processor's name.
  public let processor: String
  /// The number of its cores that the run could use.
  public let cores: Int
  /// OpenBLAS's version and build.
  public let blas: String
  /// The BLAS kernels that were asked for; empty where the processor decides.
  public let kernels: String

  /// The provenance of a run of this program that begins now.
  public init(
    of plan: Plan, started: String, processor: String, cores: Int, kernels: String
  ) {
    self.started = started
    self.plan = plan.digest
    version = TransferBench.version
    toolchain = Self.ownToolchain
    self.processor = processor
    self.cores = cores
    blas = BLAS.configuration
    self.kernels = kernels
  }

  private static var ownToolchain: String {
    #if DEBUG
    "\(compiler), debug"
    #else
    "\(compiler), release"
    #endif
  }

  private static var compiler: String {
    #if compiler(>=6.4)
    "Swift 6.4 or later"
    #elseif compiler(>=6.3)
    "Swift 6.3"
    #else
    "Swift 6.2 or earlier"
    #endif
  }
}

extension Plan {
  /// The SHA-256 of the plan file, limits left out: they determine no result.
  var digest: String {
    var plan = self
    plan.limits = nil
    return Checksum.sha256(bytes: Array(plan.yaml().utf8))
  }
}
