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
/// So the products may as well be those of single precision, at twice the speed and with its ε in (2):
/// a sum of d products in any order is off by at most d ε/2 of Σ_j |x_j y_j| ≤ ½ (‖x‖² + ‖y‖²), rounding
/// x, y and the norms by a few more. The features are scaled by a power of two so that the points' norms
/// neither overflow nor vanish. Where a block leaves many points in doubt, as groups that are far apart
/// and narrow do, those after it are searched in double precision.
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
    return search(
      samples, { nearest(count, in: $0, of: samples) }, { nearest(count, in: $0, of: samples) })
  }

  /// The nearest point of each of n samples.
  public func nearest(to samples: Matrix<Double>) -> [Int] {
    precondition(
      samples.columns == points.columns, "Samples have the features of the points searched.")
    guard points.rows > 0 else { return Array(repeating: 0, count: samples.rows) }
    return search(
      samples, { nearest(in: $0, of: samples) }, { nearest(in: $0, of: samples) })
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
    let block = Block(
      rows: 0..<samples.features.rows,
      products: samples.centred.multiplied(by: centred, transposingOther: true), offsets: norms,
      slacks: samples.squaredNorms.map(slack))
    return nearest(in: block, of: samples.features).found
  }

  /// Some samples' products with the points.
  private struct Block<Scalar: MatrixScalar> {
    /// The samples.
    let rows: Range<Int>
    /// xᵀy, both centred, with a row for each sample.
    let products: Matrix<Scalar>
    /// ‖y‖².
    let offsets: [Scalar]
    /// What (2) leaves in doubt of each sample.
    let slacks: [Scalar]
  }

  /// The nearest point of each sample of a block, and how many points were measured to tell.
  private func nearest<Scalar>(
    in block: Block<Scalar>, of samples: Matrix<Double>
  ) -> (found: [Int], measured: Int) {
    var measured = 0
    let lowest = block.products.lowestColumns(offsets: block.offsets, slacks: block.slacks)
    let found = lowest.enumerated().map { row, lowest in
      if let lowest { return lowest }
      let inDoubt = block.products.nearColumns(
        ofRow: row, offsets: block.offsets, count: 1, slack: block.slacks[row])
      measured += inDoubt.count
      return nearest(1, to: samples.row(block.rows.lowerBound + row), inDoubt).first?.index ?? 0
    }
    return (found, measured)
  }

  /// The nearest points of each sample of a block, and how many points were measured beyond them.
  private func nearest<Scalar>(
    _ count: Int, in block: Block<Scalar>, of samples: Matrix<Double>
  ) -> (found: [[Neighbour]], measured: Int) {
    var measured = 0
    let found = block.rows.map { sample in
      let row = sample - block.rows.lowerBound
      let inDoubt = block.products.nearColumns(
        ofRow: row, offsets: block.offsets, count: count, slack: block.slacks[row])
      measured += inDoubt.count - count
      return nearest(count, to: samples.row(sample), inDoubt)
    }
    return (found, measured)
  }

  /// What (2) leaves in doubt of a sample: for the last of the nearest and for the candidate.
  private func slack(_ squaredNorm: Double) -> Double { slackFactor * (squaredNorm + largestNorm) }

  private var slackFactor: Double { 2 * Double(2 * points.columns + 16) * .ulpOfOne }

  /// The points up to which one pass over the samples is faster than a matrix product.
  private static let fewPoints = 16

  /// The samples from which it pays to round the points.
  private static let manySamples = 16

  /// How many points a sample may leave in doubt in single precision, on average over a block.
  private static let fewDoubts = 16

  /// The answers of the samples, block by block: of products in single precision as long as they leave
  /// few points in doubt, then of those in double precision.
  private func search<Answer>(
    _ samples: Matrix<Double>,
    _ answersInSingle: (Block<Float>) -> (found: [Answer], measured: Int),
    _ answersInDouble: (Block<Double>) -> (found: [Answer], measured: Int)
  ) -> [Answer] {
    var found: [Answer] = []
    found.reserveCapacity(samples.rows)
    var blocks = samples.rowBlocks(against: points.rows)[...]
    if samples.rows >= Self.manySamples, largestNorm.isNormal {
      // A power of two, so that the largest norm is below 4 and not small.
      let factor = Double(sign: .plus, exponent: -(largestNorm.exponent / 2), significand: 1)
      let rounded = points.rounded(rows: 0..<points.rows, centre: centre, factor: factor)
      let offsets = rounded.squaredNorms.map { Float($0) }
      let slackFactor = 2 * Double(points.columns + 16) * Double(Float.ulpOfOne)
      var products = Matrix<Float>(rows: 0, columns: 0)
      while let rows = blocks.popFirst() {
        let block = samples.rounded(rows: rows, centre: centre, factor: factor)
        products.assign(block.values, timesTransposeOf: rounded.values)
        let slacks = block.squaredNorms.map { Float(slackFactor * ($0 + 4)) }
        let answers = answersInSingle(
          Block(rows: rows, products: products, offsets: offsets, slacks: slacks))
        found += answers.found
        if answers.measured > Self.fewDoubts * rows.count { break }
      }
    }
    var products = Matrix<Double>(rows: 0, columns: 0)
    for rows in blocks {
      let block = rows.count == samples.rows ? samples : samples.selecting(rows: Array(rows))
      let shifted = block.subtracting(row: centre)
      products.assign(shifted, timesTransposeOf: centred)
      found +=
        answersInDouble(
          Block(
            rows: rows, products: products, offsets: norms,
            slacks: shifted.rowSquaredNorms.map(slack))
        ).found
    }
    return found
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
