/// Holm's correction of several tests' probabilities.
///
/// S. Holm. "A simple sequentially rejective multiple test procedure." Scandinavian Journal of
/// Statistics 6(2), 1979. The i-th smallest of m is multiplied by m − i + 1, is no less than the one
/// before it and no more than 1. Rejecting what is at most α keeps the probability of any false
/// rejection below α, however the tests depend on each other.
public enum HolmCorrection {
  /// The corrected probabilities, in the order given.
  public static func adjusted(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var greatest = 0.0
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    for (place, index) in order.enumerated() {
      greatest = max(greatest, min(1, Double(pValues.count - place) * pValues[index]))
      adjusted[index] = greatest
    }
    return adjusted
  }
}
