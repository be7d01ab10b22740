public import LinearAlgebra

/// Principal component analysis.
///
/// K. Pearson. "On lines and planes of closest fit to systems of points in space."
/// Philosophical Magazine 2, 1901.
///
/// ```
/// C = X̃ᵀX̃ / (n − 1),   X̃ = X − 1 μᵀ                       (1)
/// C p_j = λ_j p_j,   λ_1 ≥ λ_2 ≥ …,   ‖p_j‖ = 1            (2)
/// X̃X̃ᵀ q_j = (n − 1) λ_j q_j,   p_j = X̃ᵀq_j / ‖X̃ᵀq_j‖        (3)
/// ```
///
/// (2) where there are at least as many samples as features, (3) where there are fewer. Each
/// component's sign makes its largest entry positive (of equally large ones, the first).
///
/// - Complexity: O(n d min(n, d)) for the products, O(min(n, d)³) for the eigenproblem, or
///   O(min(n, d)² k) a step for few components of many (`BlockLanczos`).
public enum PrincipalComponents {
  /// The leading components of n samples.
  ///
  /// - Parameters:
  ///   - features: n × d; rows are samples.
  ///   - count: how many components are asked for.
  /// - Returns: that many components, or the rank of the centred samples where it is lower.
  /// - Throws: `noSamples`, `notFinite` or `linearAlgebra`.
  public static func fit(
    _ features: Matrix<Double>, count: Int
  ) throws(LearnerError) -> PrincipalComponentsModel {
    precondition(count >= 0, "The number of components is not negative.")
    guard features.rows > 0 else { throw .noSamples }
    guard features.frobeniusNorm.isFinite else { throw .notFinite }
    let mean = features.columnMeans
    let centred = features.subtracting(row: mean)
    let isWide = features.rows < features.columns
    let product = isWide ? centred.outerGram : centred.gram
    let order = product.rows
    let eigen: SymmetricEigen<Double>
    do {
      if let found = try BlockLanczos.leading(min(count, order), of: product) {
        eigen = found
      } else {
        eigen = try (consume product).symmetricEigen(.largest(min(count, order)))
      }
    } catch {
      throw .linearAlgebra(error)
    }
    // Values below the rounding of the product, or of the means, stand for zeros.
    let longest = Double(max(features.rows, features.columns))
    let offset = mean.reduce(0) { $0 + $1 * $1 } * Double(features.rows) * .ulpOfOne
    let floor = max((eigen.values.first ?? 0) * .ulpOfOne * longest, offset * .ulpOfOne * longest)
    let rank = eigen.values.prefix { $0 > floor }.count
    var components = eigen.vectors.selecting(columns: 0..<rank)
    if isWide {
      components = centred.multiplied(by: components, transposingSelf: true)  // (3)
      components = components.transposed.rowsNormalized.transposed
    }
    for column in 0..<rank {
      var largest = 0
      for row in 0..<components.rows
      where abs(components[row, column]) > abs(components[largest, column]) { largest = row }
      guard components[largest, column] < 0 else { continue }
      for row in 0..<components.rows { components[row, column] = -components[row, column] }
    }
    let freedom = Double(max(features.rows - 1, 1))
    return PrincipalComponentsModel(
      mean: mean, components: components,
      variances: eigen.values.prefix(rank).map { $0 / freedom })
  }
}

/// The leading principal components of a sample.
public struct PrincipalComponentsModel: Sendable, Hashable {
  /// μ, the d features' means.
  public let mean: [Double]
  /// The k orthonormal components, d × k, one a column.
  public let components: Matrix<Double>
  /// λ, the variance along each component, descending, with denominator n − 1.
  public let variances: [Double]

  /// k, the number of components.
  public var count: Int { components.columns }

  /// The coordinates (X − 1 μᵀ) P of n samples, n × k.
  public func project(_ features: Matrix<Double>) -> Matrix<Double> {
    features.subtracting(row: mean) * components
  }

  /// The points that coordinates stand for, n × d.
  public func reconstruct(_ coordinates: Matrix<Double>) -> Matrix<Double> {
    coordinates.multiplied(by: components, transposingOther: true).adding(row: mean)
  }
}
