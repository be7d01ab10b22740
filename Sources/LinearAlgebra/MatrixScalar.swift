/// The numbers that matrices hold: `Float` and `Double`, the two that BLAS knows.
public protocol MatrixScalar: BinaryFloatingPoint, Sendable, LinearAlgebraKernels
where RawSignificand: FixedWidthInteger {}

extension Float: MatrixScalar {}
extension Double: MatrixScalar {}
