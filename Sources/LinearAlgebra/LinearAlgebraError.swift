/// Why a factorisation or a solution can't be had.
public enum LinearAlgebraError: Error, Sendable, Hashable {
  /// The leading minor of this order is not positive definite (LAPACK's info > 0).
  case notPositiveDefinite(routine: String, order: Int)
  /// The matrix is singular: this pivot is exactly zero (LAPACK's info > 0).
  case singular(routine: String, pivot: Int)
  /// The iteration did not converge; `info` says how many elements were left.
  case notConverged(routine: String, info: Int)
  /// An entry of the matrix is infinite or not a number.
  case notFinite(routine: String)
  /// LAPACK refused an argument (info < 0), or had no memory for its work space.
  case illegalArgument(routine: String, info: Int)
}
