internal import CKernels
internal import CLAPACKE
internal import COpenBLAS

/// The routines of BLAS, LAPACK and CKernels that one scalar type uses.
///
/// Closed to other modules: they see matrices, never pointers.
public struct Kernels<Scalar>: Sendable {
  typealias Input = UnsafePointer<Scalar>
  typealias InOut = UnsafeMutablePointer<Scalar>
  typealias Index = Int32
  typealias Triangular =
    @Sendable (
      CBLAS_ORDER, CBLAS_SIDE, CBLAS_UPLO, CBLAS_TRANSPOSE, CBLAS_DIAG, Index, Index, Scalar,
      Input?, Index, InOut?, Index
    ) -> Void

  let prefix: Character
  let gemm:
    @Sendable (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Index, Index, Index, Scalar, Input?, Index,
      Input?, Index, Scalar, InOut?, Index
    ) -> Void
  let gemv:
    @Sendable (
      CBLAS_ORDER, CBLAS_TRANSPOSE, Index, Index, Scalar, Input?, Index, Input?, Index, Scalar,
      InOut?, Index
    ) -> Void
  let syrk:
    @Sendable (
      CBLAS_ORDER, CBLAS_UPLO, CBLAS_TRANSPOSE, Index, Index, Scalar, Input?, Index, Scalar, InOut?,
      Index
    ) -> Void
  let trmm: Triangular
  let trsm: Triangular
  let potrf: @Sendable (Index, CChar, Index, InOut?, Index) -> Index
  let potri: @Sendable (Index, CChar, Index, InOut?, Index) -> Index
  let potrs: @Sendable (Index, CChar, Index, Index, Input?, Index, InOut?, Index) -> Index
  let getrf: @Sendable (Index, Index, Index, InOut?, Index, UnsafeMutablePointer<Index>?) -> Index
  let getrs:
    @Sendable (
      Index, CChar, Index, Index, Input?, Index, UnsafePointer<Index>?, InOut?, Index
    ) -> Index
  let gesv:
    @Sendable (Index, Index, Index, InOut?, Index, UnsafeMutablePointer<Index>?, InOut?, Index) ->
      Index
  let syevd: @Sendable (Index, CChar, CChar, Index, InOut?, Index, InOut?) -> Index
  let syevr:
    @Sendable (
      Index, CChar, CChar, CChar, Index, InOut?, Index, Scalar, Scalar, Index, Index, Scalar,
      UnsafeMutablePointer<Index>?, InOut?, InOut?, Index, UnsafeMutablePointer<Index>?
    ) -> Index
  let sygvd:
    @Sendable (Index, Index, CChar, CChar, Index, InOut?, Index, InOut?, Index, InOut?) -> Index
  let sygvx:
    @Sendable (
      Index, Index, CChar, CChar, CChar, Index, InOut?, Index, InOut?, Index, Scalar, Scalar, Index,
      Index, Scalar, UnsafeMutablePointer<Index>?, InOut?, InOut?, Index,
      UnsafeMutablePointer<Index>?
    ) -> Index
  let gesdd:
    @Sendable (
      Index, CChar, Index, Index, InOut?, Index, InOut?, InOut?, Index, InOut?, Index
    ) -> Index
  let gelsd:
    @Sendable (
      Index, Index, Index, Index, InOut?, Index, InOut?, Index, InOut?, Scalar,
      UnsafeMutablePointer<Index>?
    ) -> Index
  let expScaled: @Sendable (Int, Scalar, InOut?) -> Void
  let squaredDistances: @Sendable (Int, Int, Input?, Input?, InOut?) -> Void
  let blockMinima: @Sendable (Int, Input?, Input?, InOut?) -> Void
  /// Evaluated when the routines are first asked for.
  let oneThread: Void
}

extension Double: MatrixScalar {
  /// Double precision: `dgemm`, `dsyevr` and so on.
  public static let kernels = Kernels<Double>(
    prefix: "d", gemm: cblas_dgemm, gemv: cblas_dgemv, syrk: cblas_dsyrk, trmm: cblas_dtrmm,
    trsm: cblas_dtrsm, potrf: LAPACKE_dpotrf, potri: LAPACKE_dpotri, potrs: LAPACKE_dpotrs,
    getrf: LAPACKE_dgetrf,
    getrs: LAPACKE_dgetrs, gesv: LAPACKE_dgesv, syevd: LAPACKE_dsyevd,
    syevr: LAPACKE_dsyevr,
    sygvd: LAPACKE_dsygvd, sygvx: LAPACKE_dsygvx, gesdd: LAPACKE_dgesdd, gelsd: LAPACKE_dgelsd,
    expScaled: ck_exp_scaled_f64, squaredDistances: ck_squared_distances_f64,
    blockMinima: ck_block_minima_f64,
    oneThread: BLAS.usesOneThread)
}

extension Float: MatrixScalar {
  /// Single precision: `sgemm`, `ssyevd` and so on.
  public static let kernels = Kernels<Float>(
    prefix: "s", gemm: cblas_sgemm, gemv: cblas_sgemv, syrk: cblas_ssyrk, trmm: cblas_strmm,
    trsm: cblas_strsm, potrf: LAPACKE_spotrf, potri: LAPACKE_spotri, potrs: LAPACKE_spotrs,
    getrf: LAPACKE_sgetrf,
    getrs: LAPACKE_sgetrs, gesv: LAPACKE_sgesv, syevd: LAPACKE_ssyevd,
    syevr: LAPACKE_ssyevr,
    sygvd: LAPACKE_ssygvd, sygvx: LAPACKE_ssygvx, gesdd: LAPACKE_sgesdd, gelsd: LAPACKE_sgelsd,
    expScaled: ck_exp_scaled_f32, squaredDistances: ck_squared_distances_f32,
    blockMinima: ck_block_minima_f32,
    oneThread: BLAS.usesOneThread)
}

/// The BLAS library at work.
public enum BLAS {
  /// The name of the kernels that OpenBLAS chose, such as `Haswell` or `SkylakeX`.
  public static var coreType: String { String(cString: openblas_get_corename()) }

  /// The names of kernels that OpenBLAS knows for this architecture: it takes an unknown one for
  /// none, without a word.
  public static var coreTypes: [String] {
    #if arch(x86_64)
    [
      "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids", "Sandybridge", "Nehalem",
      "Prescott", "Core2", "Penryn", "Dunnington", "Atom", "Banias", "Katmai", "Coppermine",
      "Northwood", "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Bobcat", "Bulldozer",
      "Piledriver", "Steamroller", "Excavator", "Nano",
    ]
    #else
    [
      "ARMV8", "ARMV8SVE", "CORTEXA53", "CORTEXA55", "CORTEXA57", "CORTEXA72", "CORTEXA73",
      "NEOVERSEN1", "NEOVERSEN2", "NEOVERSEV1", "THUNDERX", "THUNDERX2T99", "TSV110", "EMAG8180",
      "FALKOR",
    ]
    #endif
  }

  /// OpenBLAS's version and build options.
  public static var configuration: String { String(cString: openblas_get_config()) }

  /// Limits BLAS to one thread, once and before its first use.
  ///
  /// Results differ in their last bits between thread counts; parallelism comes from workers. A
  /// fork while several threads compute would hang in OpenBLAS, too.
  fileprivate static let usesOneThread: Void = openblas_set_num_threads(1)
}

/// CBLAS's options, here so that no other file imports OpenBLAS.
enum CBLASOption {
  static let rowMajor = CblasRowMajor
  static let upper = CblasUpper
  static let lower = CblasLower
  static let left = CblasLeft
  static let right = CblasRight
  static let anyDiagonal = CblasNonUnit

  static func transpose(_ transposing: Bool) -> CBLAS_TRANSPOSE {
    transposing ? CblasTrans : CblasNoTrans
  }
}
