public import LinearAlgebra

/// The nearest of a set of points by Euclidean distance, the lowest index first on ties.
///
/// Distances come from matrix products, block by block:
///
/// ```
/// ‖x − y‖² = ‖x‖² + ‖y‖² − 2 xᵀy                          (1)
/// |error of (1)| ≤ β (‖x‖² + ‖y‖²),   β = (2d + 16) ε     (2)
/// ```
///
/// Rounding makes (1) differ where true distances are equal. So every point that (2) leaves in
/// doubt is measured again by the plain sum Σ_j (x_j − y_j)², in the order of the features, and
/// those sums decide: the answer is the one of the double loop over samples and points, bit by
/// bit. Both sides are centred first, which makes (2) small.
///
/// - Complexity: O(m d) a sample for m points, nearly all of it in matrix products, unless
///   very many points are equally far.
public struct NeighbourSearch: Sendable {
  /// The points searched, m × d.
  public let points: Matrix<Double>
  private let centre: [Double]
  private let centred: Matrix<Double>
  private let norms: [Double]
  private let largestNorm: Double

  /// A point found: its row and its squared distance, the plain sum of squared differences.
  public struct Neighbour: Sendable, Hashable {
    /// The row of the point.
    public let index: Int
    /// ‖x − y‖².
    public let squaredDistance: Double

    /// The point in row `index`, that far away.
    public init(index: Int, squaredDistance: Double) {
      self.index = index
      self.squaredDistance = squaredDistance
    }
  }

  /// A search among the rows of `points`.
  public init(points: Matrix<Double>) {
    self.init(points: points, centre: points.columnMeans)
  }

  /// A search that centres both sides at some other place.
  init(points: Matrix<Double>, centre: [Double]) {
    self.points = points
    self.centre = centre
    centred = points.subtracting(row: centre)
    norms = centred.rowSquaredNorms
    largestNorm = norms.reduce(0, max)
  }

  /// The `count` nearest points of each of n samples, nearest first; all points if fewer.
  public func nearest(_ count: Int, to samples: Matrix<Double>) -> [[Neighbour]] {
    precondition(count > 0, "A neighbour search looks for at least one neighbour.")
    precondition(
      samples.columns == points.columns, "Samples have the features of the points searched.")
    let count = min(count, points.rows)
    guard count > 0 else { return Array(repeating: [], count: samples.rows) }
    var found: [[Neighbour]] = []
    found.reserveCapacity(samples.rows)
    forEachBlock(of: samples) { block, products, slacks in
      for row in 0..<block.rows {
        let inDoubt = products.nearColumns(
          ofRow: row, offsets: norms, count: count, slack: slacks[row])
        found.append(nearest(count, to: block.row(row), inDoubt))
      }
    }
    return found
  }

  /// The nearest point of each of n samples.
  public func nearest(to samples: Matrix<Double>) -> [Int] {
    precondition(
      samples.columns == points.columns, "Samples have the features of the points searched.")
    guard points.rows > 0 else { return Array(repeating: 0, count: samples.rows) }
    var found: [Int] = []
    found.reserveCapacity(samples.rows)
    forEachBlock(of: samples) { block, products, slacks in
      found += nearest(to: block, products, slacks)
    }
    return found
  }

  /// The nearest point of each of n samples that were centred where this search centres.
  func nearest(to samples: CentredSamples) -> [Int] {
    if points.rows <= Self.fewPoints {
      var found = samples.centred.nearestOfFew(
        centred, offsets: norms, squares: samples.squaredNorms, largest: largestNorm,
        slack: slackFactor)
      for row in found.indices where found[row] < 0 {
        found[row] =
          nearest(1, to: samples.features.row(row), Array(0..<points.rows)).first?.index ?? 0
      }
      return found
    }
    return nearest(
      to: samples.features,
      samples.centred.multiplied(by: centred, transposingOther: true),
      samples.squaredNorms.map(slack))
  }

  private func nearest(
    to samples: Matrix<Double>, _ products: Matrix<Double>, _ slacks: [Double]
  ) -> [Int] {
    products.lowestColumns(offsets: norms, slacks: slacks).enumerated().map { row, lowest in
      if let lowest { return lowest }
      let inDoubt = products.nearColumns(
        ofRow: row, offsets: norms, count: 1, slack: slacks[row])
      return nearest(1, to: samples.row(row), inDoubt).first?.index ?? 0
    }
  }

  /// What (2) leaves in doubt of a sample: for the last of the nearest and for the candidate.
  private func slack(_ squaredNorm: Double) -> Double { slackFactor * (squaredNorm + largestNorm) }

  private var slackFactor: Double { 2 * Double(2 * points.columns + 16) * .ulpOfOne }

  /// The points up to which one pass over the samples is faster than a matrix product.
  private static let fewPoints = 16

  /// Hands on the samples in blocks, with their products with the points, both centred, and what
  /// (2) leaves in doubt of each row.
  private func forEachBlock(
    of samples: Matrix<Double>,
    _ body: (_ block: Matrix<Double>, _ products: Matrix<Double>, _ slacks: [Double]) -> Void
  ) {
    var products = Matrix<Double>(rows: 0, columns: 0)
    for rows in samples.rowBlocks(against: points.rows) {
      let block =
        rows.count == samples.rows ? samples : samples.selecting(rows: Array(rows))
      let shifted = block.subtracting(row: centre)
      products.assign(shifted, timesTransposeOf: centred)
      body(block, products, shifted.rowSquaredNorms.map(slack))
    }
  }

  private func nearest(
    _ count: Int, to sample: ArraySlice<Double>, _ inDoubt: [Int]
  ) -> [Neighbour] {
    var best: [Neighbour] = []
    best.reserveCapacity(count + 1)
    for index in inDoubt {
      let distance = squaredDistance(sample, points.row(index))
      if best.count == count, !(distance < best[count - 1].squaredDistance) { continue }
      var place = best.count
      while place > 0, distance < best[place - 1].squaredDistance { place -= 1 }
      best.insert(Neighbour(index: index, squaredDistance: distance), at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}

/// Samples made ready for many searches: centred once.
struct CentredSamples {
  /// n × d.
  let features: Matrix<Double>
  /// Where they are centred: their means.
  let centre: [Double]
  /// The features less their means, n × d.
  let centred: Matrix<Double>
  /// ‖x‖² of the centred rows.
  let squaredNorms: [Double]

  init(_ features: Matrix<Double>) {
    self.features = features
    centre = features.columnMeans
    centred = features.subtracting(row: centre)
    squaredNorms = centred.rowSquaredNorms
  }
}

/// Σ_j (x_j − y_j)², in the order of the features.
func squaredDistance(_ left: ArraySlice<Double>, _ right: ArraySlice<Double>) -> Double {
  left.withUnsafeBufferPointer { left in
    right.withUnsafeBufferPointer { right in
      var sum = 0.0
      for index in left.indices {
        let difference = left[index] - right[index]
        sum += difference * difference
      }
      return sum
    }
  }
}
