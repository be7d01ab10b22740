import LinearAlgebra

extension Matrix<Double> {
  /// The Cholesky factor of this matrix plus the smallest ridge found to make it definite.
  ///
  /// The ridge starts at 1e-10 of the mean diagonal entry, or of 1 where that is 0, and grows
  /// tenfold.
  func ridgedCholesky() throws(LinearAlgebraError) -> Cholesky<Double> {
    let level = trace / Double(Swift.max(rows, 1))
    var ridge = 1e-10 * (level > 0 ? level : 1)
    do {
      return try cholesky()
    } catch .notPositiveDefinite {
      while true {
        do {
          return try adding(diagonal: ridge).cholesky()
        } catch .notPositiveDefinite {
          ridge *= 10
        }
      }
    }
  }
}
