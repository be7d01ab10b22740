import LinearAlgebra

/// The sum of the squares of the k smallest singular values of a matrix.
///
/// X. Chen et al. "Catastrophic Forgetting Meets Negative Transfer: Batch Spectral Shrinkage for
/// Safe Transfer Learning." NeurIPS 2019, equation 3.
///
/// ```
/// F Fᵀ u = σ² u,   L = Σ_(i≤k) σ²_(−i)                                    (1)
/// ∂L/∂F = Σ_(i≤k) 2 σ u vᵀ = 2 U Uᵀ F                                     (2)
/// ```
///
/// There are min(n, d) singular values. Where d < n, Fᵀ F takes the place of F Fᵀ and the gradient
/// is 2 F V Vᵀ. The product is formed in double precision, so that σ has about the precision of F.
final class SmallestSingularValues: Operation {
  let operands: [Operand]
  let output: Node
  let backwardReads = BackwardReads.inputs
  private let rows: Int
  private let columns: Int
  private let count: Int
  /// The eigenvectors, one a row, of the samples or of the features.
  private var vectors = Matrix<Double>(rows: 0, columns: 0)

  init(_ features: Variable, count: Int) {
    precondition(features.shape.count == 2, "Singular values are those of samples × features.")
    operands = [Operand(features.node)]
    output = Variable.output([], of: operands)
    rows = features.shape[0]
    columns = features.shape[1]
    self.count = min(count, rows, columns)
  }

  private var isWide: Bool { rows <= columns }

  private var features: Matrix<Double> {
    Matrix(rows: rows, columns: columns, elements: operands[0].value.map { Double($0) })
  }

  func forward(_ team: Team) {
    let features = features
    let product = features.multiplied(
      by: features, transposingSelf: !isWide, transposingOther: isWide)
    guard let eigen = try? product.symmetricEigen(.smallest(count)) else {
      // Features that aren't finite.
      output.value[0] = .nan
      vectors = Matrix(rows: 0, columns: isWide ? rows : columns)
      return
    }
    vectors = eigen.vectors.transposed
    output.value[0] = Float(eigen.values.reduce(0) { $0 + max(0, $1) })  // (1)
  }

  func backward(_ team: Team) {
    let features = features
    let projected: Matrix<Double>  // (2)
    if isWide {
      projected = vectors.multiplied(by: vectors.multiplied(by: features), transposingSelf: true)
    } else {
      projected = features.multiplied(by: vectors, transposingOther: true).multiplied(by: vectors)
    }
    let factor = 2 * Double(output.gradient[0])
    let gradient = operands[0].gradient
    for (place, value) in projected.elements.enumerated() {
      gradient[place] = Float(factor * value)
    }
  }
}

extension Variable {
  /// The sum of the squares of the smallest singular values of [samples, features]; of all where
  /// there aren't so many.
  public func smallestSingularValues(_ count: Int) -> Variable {
    tape.record(SmallestSingularValues(self, count: count))
  }
}
