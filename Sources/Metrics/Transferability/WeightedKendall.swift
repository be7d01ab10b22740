/// How well one ranking agrees with another where it matters most: at the top.
///
/// S. Vigna. "A Weighted Correlation Index for Rankings with Ties." WWW 2015. Additive hyperbolic
/// weights and the mean of both rankings, as in SciPy's `weightedtau`.
///
/// ```
/// ⟨r, s⟩ = Σ_{i<j} sgn(r_i − r_j) sgn(s_i − s_j) (v_i + v_j),   v_i = 1/(1 + ρ_i)   (1)
/// τ_ρ = ⟨r, s⟩ / (⟨r, r⟩ ⟨s, s⟩)^½                                                  (2)
/// τ = ½ (τ_ρ(r) + τ_ρ(s))                                                           (3)
/// ```
///
/// ρ(r) is the place, from 0, by descending r, and by descending s among equal r.
///
/// - Complexity: O(n²).
public enum WeightedKendall {
  /// τ, from −1 to 1; nil where either ranking has no order: all equal, or fewer than two.
  public static func correlation(_ left: [Double], _ right: [Double]) -> Double? {
    precondition(left.count == right.count, "Two rankings that are compared have one length.")
    guard let first = ordered(left, right), let second = ordered(right, left) else { return nil }
    return (first + second) / 2  // (3)
  }

  /// τ_ρ with the places of the first ranking.
  private static func ordered(_ left: [Double], _ right: [Double]) -> Double? {
    let order = left.indices.sorted {
      left[$0] != left[$1] ? left[$0] > left[$1] : right[$0] > right[$1]
    }
    var weights = [Double](repeating: 0, count: left.count)
    for (place, index) in order.enumerated() { weights[index] = 1 / Double(1 + place) }
    var (product, leftSquare, rightSquare) = (0.0, 0.0, 0.0)
    for i in left.indices {
      for j in i + 1..<max(left.count, i + 1) {
        let weight = weights[i] + weights[j]  // (1)
        let (r, s) = (sign(left[i] - left[j]), sign(right[i] - right[j]))
        product += r * s * weight
        leftSquare += r * r * weight
        rightSquare += s * s * weight
      }
    }
    guard leftSquare > 0, rightSquare > 0 else { return nil }
    return max(-1, min(1, product / (leftSquare.squareRoot() * rightSquare.squareRoot())))  // (2)
  }

  private static func sign(_ value: Double) -> Double {
    value > 0 ? 1 : value < 0 ? -1 : 0
  }
}
