public import Domains
public import Learners
import LinearAlgebra

/// The Wasserstein distance between two samples, by an exact plan.
///
/// It needs no label.
///
/// C. Villani. "Optimal Transport: Old and New." 2009, definition 6.1.
///
/// ```
/// W_p^p = min over γ ≥ 0:  Σ_ij γ_ij ‖x_i − y_j‖^p,   Σ_j γ_ij = 1/n,   Σ_i γ_ij = 1/m   (1)
/// ```
///
/// With many features it falls slowly with the number of samples, about as n^(−1/d), even where both
/// come from one distribution: compare it between domains of similar size.
///
/// - Complexity: O(nm d) for the costs, and the network simplex of `ExactTransport`.
public enum Wasserstein {
  /// W_p; nil where a domain is empty.
  ///
  /// - Throws: a `LearnerError` where a distance isn't finite or the plan isn't found.
  public static func measure(
    source: UnlabelledSample, target: UnlabelledSample, order: MarginalWasserstein.Order
  ) throws(LearnerError) -> MeasuredValue? {
    guard source.count > 0, target.count > 0 else { return nil }
    let pooled = PooledDistances.squared(source.features, target.features)
    var costs: [Double] = []
    costs.reserveCapacity(source.count * target.count)
    for row in 0..<source.count {
      costs.append(contentsOf: pooled.row(row).dropFirst(source.count))
    }
    if order == .one { costs = costs.map { $0.squareRoot() } }
    let cost = Matrix(rows: source.count, columns: target.count, elements: costs)
    var transport = ExactTransport(uniform: source.count, target.count)
    let total = try transport.plan(cost).cost(cost)  // (1)
    return MeasuredValue(value: order == .one ? total : total.squareRoot())
  }
}
