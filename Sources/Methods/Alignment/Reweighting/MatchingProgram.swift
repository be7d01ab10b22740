import LinearAlgebra

/// The quadratic program of kernel mean matching, solved on a growing set of its variables.
///
/// D. P. Bertsekas. "Projected Newton Methods for Optimization Problems with Simple Constraints."
/// SIAM Journal on Control and Optimization 20(2), 1982, for the steps.
///
/// ```
/// min ½ xᵀKx − κᵀx   with 0 ≤ x_i ≤ B_i,  lower ≤ Σx ≤ upper               (1)
/// g = Kx − κ + ν1                                                        (2)
/// x_F ← min(max(x_F − t (K_FF + δI)⁻¹ g_F, 0), B_i),   F: not at a bound that g pushes against  (3)
/// Σ_i x_i(ν) falls with ν;  ν = 0, or such that it meets the nearer limit  (4)
/// ```
///
/// Few source samples have weights above 0 where the target lies in a part of the source, so that
/// only their rows of K are ever computed. A round solves (1) on the working set W by (3), then adds
/// to W those samples on which (2) is lowest, at most as many as W has. The damping δ of (3) grows
/// where a step lowers nothing: smooth kernels are nearly singular, and their Newton steps leave
/// the bounds at once.
///
/// - Complexity: O(n |W| d) for the rows of K, O(|W|³) a step of (3).
struct MatchingProgram {
  /// The rows of K with these indices, m × n.
  let rows: ([Int]) -> Matrix<Double>
  /// κ.
  let attraction: [Double]
  /// B.
  let bounds: [Double]
  /// The limits of Σx.
  let sums: ClosedRange<Double>

  /// The largest slope left where x is free, relative to the largest of κ.
  var tolerance = 1e-8
  /// The most variables that the first round solves for.
  private static let firstRound = 64

  /// x.
  ///
  /// - Throws: what K's factor throws.
  func solution() throws(LinearAlgebraError) -> [Double] {
    var set = WorkingSet(count: attraction.count)
    try solve(&set, shift: 0)
    let free = set.sum
    guard !sums.contains(free) else { return set.point }
    let goal = free < sums.lowerBound ? sums.lowerBound : sums.upperBound
    // (4): a bracket by doubling, then the Illinois method, whose secants are exact once both
    // ends have the same free variables.
    var near = (shift: 0.0, excess: free - goal)
    var step = (goal < free ? 1 : -1) * 1e-3 * largestAttraction
    var far = near
    repeat {
      far.shift += step
      step *= 2
      try solve(&set, shift: far.shift)
      far.excess = set.sum - goal
    } while far.excess * near.excess > 0
    for _ in 0..<100 where abs(set.sum - goal) > 1e-9 * goal {
      let shift = (near.shift * far.excess - far.shift * near.excess) / (far.excess - near.excess)
      try solve(&set, shift: shift)
      let excess = set.sum - goal
      if excess * far.excess < 0 {
        near = far
      } else {
        near.excess /= 2
      }
      far = (shift, excess)
    }
    return set.point
  }

  private var largestAttraction: Double { attraction.max() ?? 0 }

  /// Solves (1) for one ν, from where the set stands.
  private func solve(_ set: inout WorkingSet, shift: Double) throws(LinearAlgebraError) {
    let pulls = attraction.map { $0 - shift }
    let tolerance = self.tolerance * largestAttraction
    try minimize(&set, pulls, tolerance)
    while true {
      let slopes = zip(set.image, pulls).map { $0 - $1 }  // (2)
      let outside = slopes.indices.filter { !set.isIn[$0] && slopes[$0] < -tolerance }
      guard !outside.isEmpty else { return }
      let entering = outside.sorted { (slopes[$0], $0) < (slopes[$1], $1) }
        .prefix(max(Self.firstRound, set.indices.count))
      set.append(Array(entering), rows)
      try minimize(&set, pulls, tolerance)
    }
  }

  /// The projected Newton steps (3) on the working set.
  private func minimize(
    _ set: inout WorkingSet, _ pulls: [Double], _ tolerance: Double
  ) throws(LinearAlgebraError) {
    let block = set.block
    let pulls = set.indices.map { pulls[$0] }
    let bounds = set.indices.map { self.bounds[$0] }
    let level = block.trace / Double(max(block.rows, 1))
    var point = set.indices.map { set.point[$0] }
    var image = block.multiplied(by: point)
    var damping = 1e-12 * level
    for _ in 0..<300 {
      let slopes = zip(image, pulls).map { $0 - $1 }
      let free = point.indices.filter {
        !(point[$0] == 0 && slopes[$0] >= 0) && !(point[$0] == bounds[$0] && slopes[$0] <= 0)
      }
      guard free.contains(where: { abs(slopes[$0]) > tolerance }) else { break }
      let freeBlock = block.selecting(rows: free, columns: free)
      let downhill = Matrix(rows: free.count, columns: 1, elements: free.map { -slopes[$0] })
      var hasMoved = false
      while !hasMoved, damping <= 1e6 * level {
        let newton: Matrix<Double>
        do {
          newton = try freeBlock.adding(diagonal: damping).cholesky().solve(downhill)
        } catch .notPositiveDefinite {
          damping *= 10
          continue
        }
        for length in [1, 0.25, 0.0625, 0.015625] where !hasMoved {
          var next = point
          for (place, index) in free.enumerated() {  // (3)
            next[index] = min(max(point[index] + length * newton[place, 0], 0), bounds[index])
          }
          let nextImage = block.multiplied(by: next)
          // The change of ½ xᵀKx − κᵀx, without the digits that its values have in common.
          var change = 0.0
          var slope = 0.0
          for index in next.indices {
            let move = next[index] - point[index]
            change += move * (0.5 * (nextImage[index] + image[index]) - pulls[index])
            slope += move * slopes[index]
          }
          hasMoved = change < 0.1 * slope
          if hasMoved { (point, image) = (next, nextImage) }
          if hasMoved, length == 1 { damping = max(damping / 10, 1e-13 * level) }
        }
        if !hasMoved { damping *= 10 }
      }
      guard hasMoved else { break }
    }
    for (place, index) in set.indices.enumerated() { set.point[index] = point[place] }
  }
}

/// The variables that may be above 0, with their rows of K.
private struct WorkingSet {
  private(set) var indices: [Int] = []
  private(set) var isIn: [Bool]
  var point: [Double]
  /// K_WN, |W| × n.
  private var rows: Matrix<Double>

  init(count: Int) {
    isIn = Array(repeating: false, count: count)
    point = Array(repeating: 0, count: count)
    rows = Matrix(rows: 0, columns: count)
  }

  /// K_WW.
  var block: Matrix<Double> { rows.selecting(rows: Array(0..<rows.rows), columns: indices) }

  /// Kx.
  var image: [Double] {
    rows.multiplied(by: indices.map { point[$0] }, transposing: true)
  }

  /// Σx.
  var sum: Double { point.reduce(0, +) }

  mutating func append(_ entering: [Int], _ kernelRows: ([Int]) -> Matrix<Double>) {
    for index in entering { isIn[index] = true }
    indices += entering
    rows = rows.appending(rows: kernelRows(entering))
  }
}
