public import LinearAlgebra

/// A weighted graph that joins each sample to its nearest ones, held by its edges alone.
///
/// ```
/// W_ij = w(‖x_i − x_j‖²) where j is among the k nearest of i, else 0     (1)
/// W ← max(W, Wᵀ), entry by entry                                         (2)
/// S = D^(−½) W D^(−½),   D_ii = Σ_j W_ij                                 (3)
/// ```
///
/// (1) is not symmetric: `symmetrized` is (2), `normalized` is (3). I − S is the normalised graph
/// Laplacian.
///
/// - Complexity: O(n² d) to find the neighbours, blocked so that no n × n matrix is held; O(n k c)
///   for a product with n × c values.
public struct NeighbourGraph: Sendable, Hashable {
  /// An edge: where it leads and its weight.
  public struct Edge: Sendable, Hashable {
    /// The sample that the edge leads to.
    public let target: Int
    /// W_ij.
    public let weight: Double

    /// An edge to a sample.
    public init(target: Int, weight: Double) {
      self.target = target
      self.weight = weight
    }
  }

  /// The edges of all samples, one sample's after the other's, by ascending target.
  public let edges: [Edge]
  /// Where each sample's edges start in `edges`, and where the last one's end: n + 1 positions.
  public let starts: [Int]

  /// n, the number of samples.
  public var count: Int { starts.count - 1 }

  /// The graph (1) of the rows of `points`.
  ///
  /// Of samples equally far the lowest is the nearer.
  ///
  /// - Parameters:
  ///   - points: n × d; rows are samples.
  ///   - neighbourCount: k, the neighbours of each sample besides itself; all where there are
  ///     fewer.
  ///   - loops: whether each sample is joined to itself, too, with w(0).
  ///   - weight: w, of the squared distance; 1 if not said.
  public init(
    _ points: Matrix<Double>, neighbourCount: Int, loops: Bool = false,
    weight: (_ squaredDistance: Double) -> Double = { _ in 1 }
  ) {
    precondition(neighbourCount > 0, "A neighbour graph joins each sample to at least one.")
    let found = NeighbourSearch(points: points)
      .nearest(min(neighbourCount, points.rows) + 1, to: points)
    self.init(
      rows: found.enumerated().map { row, neighbours in
        var edges = neighbours.filter { $0.index != row }.prefix(neighbourCount)
          .map { Edge(target: $0.index, weight: weight($0.squaredDistance)) }
        if loops { edges.append(Edge(target: row, weight: weight(0))) }
        return edges
      })
  }

  /// A graph of each sample's edges.
  public init(rows: [[Edge]]) {
    edges = rows.flatMap { $0.sorted { $0.target < $1.target } }
    var starts = [0]
    starts.reserveCapacity(rows.count + 1)
    for row in rows { starts.append(starts[starts.count - 1] + row.count) }
    self.starts = starts
  }

  /// The edges of one sample, by ascending target.
  public func edges(of sample: Int) -> ArraySlice<Edge> {
    edges[starts[sample]..<starts[sample + 1]]
  }

  /// D, the sum of each sample's weights.
  public var degrees: [Double] {
    (0..<count).map { edges(of: $0).reduce(0) { $0 + $1.weight } }
  }

  /// The graph with every edge in both directions, of the larger of its two weights (2).
  public var symmetrized: NeighbourGraph {
    var rows = (0..<count).map { Array(edges(of: $0)) }
    for sample in 0..<count {
      for edge in edges(of: sample) {
        rows[edge.target].append(Edge(target: sample, weight: edge.weight))
      }
    }
    return NeighbourGraph(
      rows: rows.map { row in
        var merged: [Edge] = []
        for edge in row.sorted(by: { ($0.target, -$0.weight) < ($1.target, -$1.weight) })
        where merged.last?.target != edge.target { merged.append(edge) }
        return merged
      })
  }

  /// The graph with its weights divided by the roots of both ends' degrees (3).
  ///
  /// A sample without weight keeps its edges at 0.
  public var normalized: NeighbourGraph {
    let scales = degrees.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    return NeighbourGraph(
      rows: (0..<count).map { sample in
        edges(of: sample).map {
          Edge(target: $0.target, weight: scales[sample] * $0.weight * scales[$0.target])
        }
      })
  }

  /// W F, n × c, for the values F of n samples.
  public func multiplied(by values: Matrix<Double>) -> Matrix<Double> {
    precondition(values.rows == count, "A graph multiplies one row of values a sample.")
    let columns = values.columns
    var product = Matrix<Double>(rows: count, columns: columns)
    product.elements.withUnsafeMutableBufferPointer { product in
      values.elements.withUnsafeBufferPointer { values in
        for sample in 0..<count {
          for edge in edges(of: sample) {
            let (into, from) = (sample * columns, edge.target * columns)
            for column in 0..<columns {
              product[into + column] += edge.weight * values[from + column]
            }
          }
        }
      }
    }
    return product
  }
}
