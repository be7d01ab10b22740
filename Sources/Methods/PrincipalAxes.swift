import LinearAlgebra

/// The directions in which a sample varies most, and by how much.
///
/// ```
/// C = cov(X),   C V = V diag(variances)                  (1)
/// V = X̃ᵀ U Σ⁻¹  where  X̃ X̃ᵀ U = U Σ²                    (2)
/// ```
///
/// X̃ is the centred sample. Where there are fewer samples than features, (2) gives the same
/// directions from the smaller n × n matrix.
///
/// - Complexity: O(n d min(n, d) + min(n, d)³).
struct PrincipalAxes: Sendable {
  /// The mean of each feature.
  let mean: [Double]
  /// The variance along each direction (denominator n − 1), descending.
  let variances: [Double]
  /// The orthonormal directions, d × k, one a column.
  let directions: Matrix<Double>

  /// The `count` leading directions: fewer where the sample has fewer, but always one.
  init(of features: Matrix<Double>, count: Int) throws(LinearAlgebraError) {
    let (samples, dimensions) = (features.rows, features.columns)
    let divisor = Double(max(samples - 1, 1))
    mean = features.columnMeans
    let centred = features.subtracting(row: mean)
    let wanted = max(1, min(count, samples, dimensions))
    if dimensions <= samples {
      let eigen = try centred.gram.symmetricEigen(.largest(wanted))  // (1)
      variances = eigen.values.map { max($0, 0) / divisor }
      directions = eigen.vectors
      return
    }
    let eigen = try centred.outerGram.symmetricEigen(.largest(wanted))  // (2)
    let floor = (eigen.values.first ?? 0) * Double(dimensions) * .ulpOfOne
    let rank = eigen.values.prefix { $0 > floor }.count
    guard rank > 0 else {
      variances = [0]
      directions = Matrix<Double>.identity(dimensions).selecting(columns: 0..<1)
      return
    }
    let kept = Array(eigen.values.prefix(rank))
    variances = kept.map { $0 / divisor }
    directions =
      centred
      .multiplied(by: eigen.vectors.selecting(columns: 0..<rank), transposingSelf: true)
      .scaled(columns: kept.map { 1 / $0.squareRoot() })
  }

  /// The coordinates of the rows along the directions, n × k, after subtracting the mean.
  func project(_ features: Matrix<Double>) -> Matrix<Double> {
    features.subtracting(row: mean) * directions
  }

  /// X f(C + ridge · I) for a function f of the eigenvalues.
  ///
  /// Directions without variance, of which there may be many, all get f(ridge).
  func multiply(
    _ features: Matrix<Double>, ridge: Double, _ transform: (Double) -> Double
  ) -> Matrix<Double> {
    let rest = transform(ridge)
    let along = features * directions
    return along.scaled(columns: variances.map { transform($0 + ridge) - rest })
      .multiplied(by: directions, transposingOther: true) + features * rest
  }
}
