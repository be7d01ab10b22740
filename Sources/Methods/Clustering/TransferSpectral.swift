public import Domains
public import Learners
import LinearAlgebra
public import Parameters
public import Randomness

/// Spectral clustering of both domains, whose embeddings share one of the features.
///
/// W. Jiang, F.-L. Chung. "Transfer Spectral Clustering." ECML PKDD 2012. See
/// `papers/jiang-2012-transfer-spectral.md`.
///
/// ```
/// max over F_T, F_S, F_Z:  tr(F_TᵀW_TF_T) + tr(F_SᵀW_SF_S)
///   + λ tr(F_TᵀA_TF_Z) + λ tr(F_SᵀA_SF_Z),   FᵀF = I for each                (1)
/// A = D_r^(−½) X D_c^(−½),   D_r, D_c the sums of X's rows and columns         (2)
/// F ← polar(2 (W + I) F + λ A F_Z)  for F_T and F_S                           (3)
/// F_Z ← polar(A_TᵀF_T + A_SᵀF_S),   polar(U Σ Vᵀ) = U Vᵀ                       (4)
/// f_i ← f_i / ‖f_i‖ for the rows of F_T, then k-means of the f_i               (5)
/// ```
///
/// W are graphs of nearest neighbours (`SpectralGraph`), whose K leading eigenvectors F_T and
/// F_S start from; F_Z starts from the leading right singular vectors of A_T above A_S, both
/// normalised once more, whose signs they take. λ = 0 is spectral clustering of the target. The
/// table X is not negative: a column with values below 0 is moved up until the least value of
/// both domains is 0.
///
/// - Complexity: O(n² d), the eigenvectors of `SpectralGraph`, and O((n k + n d) K) an iteration of
///   (3) and (4).
/// - Deviations: (3) maximises a lower bound of (1), which makes each step an ascent; the authors
///   add a gradient of fixed length before `polar`. The fixed points are the same.
public struct TransferSpectral: UnsupervisedMethod {
  /// λ.
  public var strength = 3.0
  /// k.
  public var neighbours = 27
  /// The most iterations of (3) and (4).
  public var iterations = 200
  /// How many starts of k-means.
  public var restarts = 10

  /// The method at its defaults.
  public init() {}

  /// The method's name, family and source.
  public static let card = MethodCard(
    id: "transfer-spectral", title: "Transfer spectral clustering", family: .clustering,
    paper: "jiang-2012-transfer-spectral", version: 2)

  /// The hyperparameters.
  public static let parameters: [Parameter<Self>] = [
    .real(
      "strength", \.strength, in: 0...1e6, grid: [0, 0.3, 1, 3, 10],
      help: "λ, the weight of the features that both embeddings share."),
    .integer(
      "neighbours", \.neighbours, in: 1...10_000, grid: [5, 10, 27, 50],
      help: "k, the neighbours of each sample in its domain's graph."),
    .integer(
      "iterations", \.iterations, in: 1...100_000, grid: [20, 200, 1000],
      help: "The most iterations."),
    .integer(
      "restarts", \.restarts, in: 1...1000, grid: [1, 10, 50],
      help: "How many starts of k-means."),
  ]

  /// The reference is spectral clustering.
  public static let referenceAssignments = [
    Assignment("algorithm", .choice(TargetClustering.Algorithm.spectral.rawValue))
  ]

  /// Embeds both domains and clusters the target.
  public func fit(
    source: UnlabelledSample, target: UnlabelledSample, clusterCount: Int, key: RandomKey
  ) throws(MethodError) -> some Clustering {
    var algorithm = SpectralClustering(clusters: clusterCount)
    algorithm.neighbours = neighbours
    algorithm.restarts = restarts
    let graphs = try MethodError.learning { () throws(LearnerError) in
      (try algorithm.graph(target.features), try algorithm.graph(source.features))
    }
    let embedding = try embed(
      target.features, source.features, graphs: graphs, dimensions: clusterCount
    ).target
    return try MethodError.learning { () throws(LearnerError) in
      try algorithm.cluster(graphs.0, embedding, key: key.child("target"))  // (5)
    }
  }

  /// F_T and (1).
  func embed(
    _ target: Matrix<Double>, _ source: Matrix<Double>,
    graphs: (target: SpectralGraph, source: SpectralGraph), dimensions: Int,
    tolerance: Double = 1e-5
  ) throws(MethodError) -> (target: Matrix<Double>, objective: Double) {
    var (own, other) = try MethodError.learning { () throws(LearnerError) in
      (try graphs.target.eigenvectors(dimensions), try graphs.source.eigenvectors(dimensions))
    }
    let least = target.appending(rows: source).columnMinima.map { min($0, 0) }
    let tables = [target, source].map { $0.subtracting(row: least).degreeNormalized }  // (2)
    func objective(_ shared: Matrix<Double>) -> Double {
      var sum = 0.0
      for (factor, graph, table) in [
        (own, graphs.target, tables[0]), (other, graphs.source, tables[1]),
      ] {
        sum += factor.inner(graph.multiplied(by: factor))
        if strength > 0 { sum += strength * factor.inner(table * shared) }  // (1)
      }
      return sum
    }
    return try MethodError.step("transfer embedding") { () throws(LinearAlgebraError) in
      var shared = try tables[0].appending(rows: tables[1]).degreeNormalized
        .leadingRightVectors(dimensions)
      own = own.withSigns(of: tables[0] * shared)
      other = other.withSigns(of: tables[1] * shared)
      var last = objective(shared)
      guard strength > 0 else { return (own, last) }
      for _ in 0..<iterations {
        own = try step(own, graphs.target, tables[0], shared)
        other = try step(other, graphs.source, tables[1], shared)
        shared = try
          (tables[0].multiplied(by: own, transposingSelf: true)
          + tables[1].multiplied(by: other, transposingSelf: true)).polarFactor()  // (4)
        let next = objective(shared)
        if abs(next - last) < tolerance { break }
        last = next
      }
      return (own, objective(shared))
    }
  }

  private func step(
    _ factor: Matrix<Double>, _ graph: SpectralGraph, _ table: Matrix<Double>,
    _ shared: Matrix<Double>
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    let pull = graph.multiplied(by: factor) + factor
    return try (pull * 2 + (table * shared) * strength).polarFactor()  // (3)
  }
}

extension Matrix<Double> {
  /// The smallest entry of each column.
  fileprivate var columnMinima: [Double] {
    var minima = [Double](repeating: .infinity, count: columns)
    for index in 0..<rows {
      for (column, entry) in row(index).enumerated() {
        minima[column] = Swift.min(minima[column], entry)
      }
    }
    return minima
  }

  /// D_r^(−½) A D_c^(−½); rows and columns of sum 0 stay.
  fileprivate var degreeNormalized: Matrix<Double> {
    scaled(rows: rowSums.map { $0 > 0 ? 1 / $0.squareRoot() : 1 })
      .scaled(columns: columnSums.map { $0 > 0 ? 1 / $0.squareRoot() : 1 })
  }

  /// Σ a_ij b_ij.
  fileprivate func inner(_ other: Matrix<Double>) -> Double {
    Swift.zip(elements, other.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Each column turned round where its product with the other matrix's column is negative.
  fileprivate func withSigns(of other: Matrix<Double>) -> Matrix<Double> {
    var products = [Double](repeating: 0, count: columns)
    for index in 0..<rows {
      for column in 0..<columns { products[column] += self[index, column] * other[index, column] }
    }
    return scaled(columns: products.map { $0 < 0 ? -1 : 1 })
  }

  /// The right singular vectors of the `count` largest singular values, columns × count; zeros
  /// where there are fewer.
  fileprivate func leadingRightVectors(_ count: Int) throws(LinearAlgebraError) -> Matrix<Double> {
    var vectors: Matrix<Double>
    if rows < columns {
      let left = try outerGram.symmetricEigen(.largest(Swift.min(count, rows))).vectors
      vectors = multiplied(by: left, transposingSelf: true).transposed.rowsNormalized.transposed
    } else {
      vectors = try gram.symmetricEigen(.largest(Swift.min(count, columns))).vectors
    }
    if vectors.columns < count {
      vectors = vectors.appending(
        columns: Matrix(rows: columns, columns: count - vectors.columns))
    }
    return vectors
  }

  /// U Vᵀ of U Σ Vᵀ.
  fileprivate func polarFactor() throws(LinearAlgebraError) -> Matrix<Double> {
    let eigen = try gram.symmetricEigen()
    // Where the columns are nearly dependent, their products have lost what tells them apart.
    if rows >= columns, let least = eigen.values.first, let most = eigen.values.last,
      least > 1e-6 * most, most > 0
    {
      let root = eigen.vectors.scaled(columns: eigen.values.map { 1 / $0.squareRoot() })
        .multiplied(by: eigen.vectors, transposingOther: true)
      return self * root
    }
    let decomposition = try singularValues()
    return decomposition.left.multiplied(by: decomposition.right, transposingOther: true)
  }
}
