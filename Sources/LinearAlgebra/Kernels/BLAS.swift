/// The BLAS and LAPACK routines of one scalar type.
public protocol LinearAlgebraKernels {}
