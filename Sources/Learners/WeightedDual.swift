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
/// With bounds of thousands it may come to 10⁷ steps without (5). It ends there: α is within its
/// bounds then and near enough to the minimum to classify by, which a fault would keep from those who ask.
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
    var state = State(bounds: bounds, signs: signs)
    for _ in 0..<max(10_000_000, 100 * signs.count) {
      guard let (first, second, rows) = pair(state) else { break }
      move(&state, first, second, rows)
    }
    return (state.alpha, threshold(state))
  }

  private typealias Rows = (first: ArraySlice<Double>, second: ArraySlice<Double>)

  /// Where the search is.
  private struct State {
    var alpha: [Double]
    /// −z_i G_i.
    var pulls: [Double]
    /// 0 where z_i α_i can grow, else −∞.
    var upLimits: [Double]
    /// 0 where z_i α_i can fall, else ∞.
    var lowLimits: [Double]

    init(bounds: [Double], signs: [Double]) {
      alpha = Array(repeating: 0, count: signs.count)
      pulls = signs  // (2) where α = 0
      upLimits = signs.map { $0 > 0 ? 0 : -.infinity }
      lowLimits = signs.map { $0 > 0 ? .infinity : 0 }
    }

    /// Sets a variable, and with it what it can do.
    mutating func set(_ index: Int, to value: Double, bound: Double, sign: Double) {
      alpha[index] = value
      let (canGrow, canFall) = (value < bound, value > 0)
      upLimits[index] = (sign > 0 ? canGrow : canFall) ? 0 : -.infinity
      lowLimits[index] = (sign > 0 ? canFall : canGrow) ? 0 : .infinity
    }
  }

  /// The two variables to move and their rows; nil at the solution.
  private func pair(_ state: State) -> (Int, Int, Rows)? {
    let count = signs.count
    var (first, highest) = (-1, -Double.infinity)
    state.pulls.withUnsafeBufferPointer { pulls in
      state.upLimits.withUnsafeBufferPointer { limits in
        for index in 0..<count where pulls[index] + limits[index] > highest {
          (first, highest) = (index, pulls[index])  // (3)
        }
      }
    }
    guard first >= 0 else { return nil }
    let firstRow = row(first)
    let own = diagonal[first]
    var (second, best, lowest) = (-1, 0.0, Double.infinity)
    state.pulls.withUnsafeBufferPointer { pulls in
      state.lowLimits.withUnsafeBufferPointer { limits in
        diagonal.withUnsafeBufferPointer { diagonal in
          firstRow.withUnsafeBufferPointer { firstRow in
            for index in 0..<count {
              let value = pulls[index] + limits[index]
              lowest = min(lowest, value)
              let gap = highest - value
              guard gap > 0 else { continue }
              let curvature = own + diagonal[index] - 2 * firstRow[index]
              let gain = gap * gap / max(curvature, 1e-12)  // (4)
              if gain > best { (second, best) = (index, gain) }
            }
          }
        }
      }
    }
    guard second >= 0, highest - lowest >= tolerance else { return nil }  // (5)
    return (first, second, (firstRow, row(second)))
  }

  /// Moves two variables along zᵀα = 0 to the minimum or to a bound.
  private func move(_ state: inout State, _ first: Int, _ second: Int, _ rows: Rows) {
    let curvature = max(
      diagonal[first] + diagonal[second] - 2 * rows.first[rows.first.startIndex + second], 1e-12)
    // z_i α_i grows by the step and z_j α_j falls by it, as far as both may go.
    let step = (state.pulls[first] - state.pulls[second]) / curvature
    let (before, other) = (state.alpha[first], state.alpha[second])
    let room = signs[first] > 0 ? bounds[first] - before : before
    let otherRoom = signs[second] > 0 ? other : bounds[second] - other
    let length = min(step, room, otherRoom)
    func moved(_ index: Int, by change: Double, isAtEnd: Bool) -> Double {
      guard isAtEnd else { return state.alpha[index] + signs[index] * change }
      return signs[index] * change > 0 ? bounds[index] : 0
    }
    let next = moved(first, by: length, isAtEnd: length == room)
    let otherNext = moved(second, by: -length, isAtEnd: length == otherRoom)
    state.set(first, to: next, bound: bounds[first], sign: signs[first])
    state.set(second, to: otherNext, bound: bounds[second], sign: signs[second])
    let change = (next - before) * signs[first]
    let otherChange = (otherNext - other) * signs[second]
    rows.first.withUnsafeBufferPointer { firstRow in
      rows.second.withUnsafeBufferPointer { secondRow in
        state.pulls.withUnsafeMutableBufferPointer { pulls in
          for index in pulls.indices {
            pulls[index] -= firstRow[index] * change + secondRow[index] * otherChange
          }
        }
      }
    }
  }

  private func threshold(_ state: State) -> Double {
    var (sum, count) = (0.0, 0)
    var (low, high) = (-Double.infinity, Double.infinity)
    for (index, alpha) in state.alpha.enumerated() {
      let value = -state.pulls[index]
      if alpha > 0, alpha < bounds[index] {
        sum += value
        count += 1
      } else if state.upLimits[index] == 0 {
        high = min(high, value)
      } else {
        low = max(low, value)
      }
    }
    return count > 0 ? sum / Double(count) : (low + high) / 2  // (6)
  }
}
