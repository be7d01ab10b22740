import LinearAlgebra

/// The dual of a support vector machine of two classes whose samples have bounds of their own.
///
/// libsvm bounds all samples of a class alike; weights bound each:
///
/// ```
/// minimise over α:  ½ αᵀQα − Σ_i α_i,   0 ≤ α_i ≤ C_i,   zᵀα = 0,   Q_ij = z_i z_j k_ij      (1)
/// G = Qα − 1,   up: z_i α_i can grow,   low: it can fall                                    (2)
/// i = argmax over up of −z_i G_i                                                            (3)
/// j = argmax over low below i of (z_j G_j − z_i G_i)² / (k_ii + k_jj − 2 k_ij)              (4)
/// stop where max over up of −z G − min over low of −z G < tolerance                         (5)
/// ρ = mean of z_i G_i where 0 < α_i < C_i, else the middle of its limits                    (6)
/// ```
///
/// R.-E. Fan, P.-H. Chen, C.-J. Lin. "Working Set Selection Using Second Order Information for
/// Training Support Vector Machines." JMLR 6, 2005: libsvm's own choice of pairs.
///
/// - Complexity: O(n) a step and two rows of k; as many steps as libsvm without shrinking.
struct WeightedDual {
  /// z, 1 or −1.
  let signs: [Double]
  /// C_i, above 0.
  let bounds: [Double]
  /// k_ii.
  let diagonal: [Double]
  /// A row of k.
  let row: (Int) -> ArraySlice<Double>
  /// The tolerance of (5).
  let tolerance: Double

  /// α and ρ.
  func solution() -> (coefficients: [Double], threshold: Double) {
    let count = signs.count
    var alpha = [Double](repeating: 0, count: count)
    var slopes = [Double](repeating: -1, count: count)  // (2)
    for _ in 0..<max(10_000_000, 100 * count) {
      guard let (first, second, rows) = pair(alpha, slopes) else { break }
      let (before, other) = (alpha[first], alpha[second])
      move(&alpha, slopes, first, second, rows)
      let change = (alpha[first] - before) * signs[first]
      let otherChange = (alpha[second] - other) * signs[second]
      rows.first.withUnsafeBufferPointer { firstRow in
        rows.second.withUnsafeBufferPointer { secondRow in
          signs.withUnsafeBufferPointer { signs in
            slopes.withUnsafeMutableBufferPointer { slopes in
              for index in 0..<count {
                slopes[index] +=
                  signs[index] * (firstRow[index] * change + secondRow[index] * otherChange)
              }
            }
          }
        }
      }
    }
    return (alpha, threshold(alpha, slopes))
  }

  private typealias Rows = (first: ArraySlice<Double>, second: ArraySlice<Double>)

  private func isUp(_ index: Int, _ alpha: [Double]) -> Bool {
    signs[index] > 0 ? alpha[index] < bounds[index] : alpha[index] > 0
  }

  private func isLow(_ index: Int, _ alpha: [Double]) -> Bool {
    signs[index] > 0 ? alpha[index] > 0 : alpha[index] < bounds[index]
  }

  /// The two variables to move and their rows; nil at the solution.
  private func pair(_ alpha: [Double], _ slopes: [Double]) -> (Int, Int, Rows)? {
    var (first, highest) = (-1, -Double.infinity)
    for index in alpha.indices where isUp(index, alpha) && -signs[index] * slopes[index] > highest {
      (first, highest) = (index, -signs[index] * slopes[index])  // (3)
    }
    guard first >= 0 else { return nil }
    let firstRow = row(first)
    var (second, best, lowest) = (-1, 0.0, Double.infinity)
    for index in alpha.indices where isLow(index, alpha) {
      let value = -signs[index] * slopes[index]
      lowest = min(lowest, value)
      let gap = highest - value
      guard gap > 0 else { continue }
      let curvature =
        diagonal[first] + diagonal[index] - 2 * firstRow[firstRow.startIndex + index]
      let gain = gap * gap / max(curvature, 1e-12)  // (4)
      if gain > best { (second, best) = (index, gain) }
    }
    guard second >= 0, highest - lowest >= tolerance else { return nil }  // (5)
    return (first, second, (firstRow, row(second)))
  }

  /// Moves two variables along zᵀα = 0 to the minimum or to a bound.
  private func move(
    _ alpha: inout [Double], _ slopes: [Double], _ first: Int, _ second: Int, _ rows: Rows
  ) {
    let curvature = max(
      diagonal[first] + diagonal[second] - 2 * rows.first[rows.first.startIndex + second], 1e-12)
    // z_i α_i grows by the step and z_j α_j falls by it, as far as both may go.
    let step = (signs[second] * slopes[second] - signs[first] * slopes[first]) / curvature
    let room = signs[first] > 0 ? bounds[first] - alpha[first] : alpha[first]
    let otherRoom = signs[second] > 0 ? alpha[second] : bounds[second] - alpha[second]
    let length = min(step, room, otherRoom)
    func moved(_ index: Int, by change: Double, isAtEnd: Bool) -> Double {
      guard isAtEnd else { return alpha[index] + signs[index] * change }
      return signs[index] * change > 0 ? bounds[index] : 0
    }
    let next = moved(first, by: length, isAtEnd: length == room)
    alpha[second] = moved(second, by: -length, isAtEnd: length == otherRoom)
    alpha[first] = next
  }

  private func threshold(_ alpha: [Double], _ slopes: [Double]) -> Double {
    var (sum, count) = (0.0, 0)
    var (low, high) = (-Double.infinity, Double.infinity)
    for index in alpha.indices {
      let value = signs[index] * slopes[index]
      if alpha[index] > 0, alpha[index] < bounds[index] {
        sum += value
        count += 1
      } else if isUp(index, alpha) {
        high = min(high, value)
      } else {
        low = max(low, value)
      }
    }
    return count > 0 ? sum / Double(count) : (low + high) / 2  // (6)
  }
}
