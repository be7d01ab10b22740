public import LinearAlgebra

/// A graph of nearest neighbours with its leading eigenvectors, extended to other samples.
///
/// ```
/// w_ij = 1 where i is among the k nearest others of j, or j of i; else 0    (1)
/// W = D^(−½) w D^(−½),   D_ii = Σ_j w_ij                                    (2)
/// W F = F Λ:  f_i = Σ_j w_ij f_j / (λ √(D_ii D_jj))                         (3)
/// ```
///
/// (1) and (2) are a `NeighbourGraph`. (3) at a sample that is not of the n, with its own k
/// nearest, extends the eigenvectors to it (C. Fowlkes, S. Belongie, F. Chung, J. Malik. "Spectral
/// Grouping Using the Nyström Method." IEEE TPAMI 26(2), 2004); what only scales f is left out.
///
/// - Complexity: O(n² d) to build, O(n k p) for a product with an n × p matrix; the eigenvectors
///   O(n m²) for m columns of `BlockLanczos`, or n² numbers and O(n³).
public struct SpectralGraph: Sendable {
  private let search: NeighbourSearch
  private let neighbours: Int
  private let graph: NeighbourGraph
  /// D^(−½); 0 where a sample has no neighbour.
  private let scales: [Double]

  /// n.
  public var order: Int { graph.count }

  /// The graph of the rows of `points`, each with the `neighbours` nearest others.
  public init(points: Matrix<Double>, neighbours: Int) {
    self.neighbours = max(1, min(neighbours, points.rows - 1))
    search = NeighbourSearch(points: points)
    let joined = NeighbourGraph(points, neighbourCount: self.neighbours).symmetrized  // (1)
    scales = joined.degrees.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    graph = joined.normalized  // (2)
  }

  /// W, n × n. (2)
  public var matrix: Matrix<Double> {
    var matrix = Matrix<Double>(rows: order, columns: order)
    for row in 0..<order {
      for edge in graph.edges(of: row) { matrix[row, edge.target] = edge.weight }
    }
    return matrix
  }

  /// W F, for F of n rows.
  public func multiplied(by factor: Matrix<Double>) -> Matrix<Double> {
    graph.multiplied(by: factor)
  }

  /// The order from which eigenvectors are found by products with W.
  private static let largeOrder = 1000

  /// The p leading eigenvectors of W, n × p; zeros beyond the n-th.
  ///
  /// Those of more than a thousand samples come from `BlockLanczos`, unless it needs too many
  /// products; the others from W itself.
  public func eigenvectors(_ count: Int) throws(LearnerError) -> Matrix<Double> {
    let found: Matrix<Double>
    do {
      if order > Self.largeOrder,
        let leading = try BlockLanczos(order: order, multiply: multiplied).leading(count)
      {
        found = leading
      } else {
        found = try matrix.symmetricEigen(.largest(min(count, order))).vectors
      }
    } catch {
      throw .linearAlgebra(error)
    }
    guard found.columns < count else { return found }
    return found.appending(columns: Matrix(rows: order, columns: count - found.columns))
  }

  /// F at any samples: its own row for one of the n, else (3) of the nearest of them.
  public func extend(_ embedding: Matrix<Double>, to samples: Matrix<Double>) -> Matrix<Double> {
    var extended = Matrix<Double>(rows: samples.rows, columns: embedding.columns)
    for (row, found) in search.nearest(neighbours, to: samples).enumerated() {
      let own = found.first.flatMap { $0.squaredDistance == 0 ? $0.index : nil }
      for column in 0..<embedding.columns {
        if let own {
          extended[row, column] = embedding[own, column]
        } else {
          for neighbour in found {
            extended[row, column] += scales[neighbour.index] * embedding[neighbour.index, column]
          }
        }
      }
    }
    return extended
  }
}
