/// The numbers that matrices hold: `Float` and `Double`, the two that BLAS knows.
public protocol MatrixScalar: BinaryFloatingPoint, Sendable {
  /// The routines of BLAS, LAPACK and the element-wise kernels for this type.
  static var kernels: Kernels<Self> { get }
}
