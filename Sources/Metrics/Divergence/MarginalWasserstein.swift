public import Domains
import LinearAlgebra

/// The Wasserstein distance of each feature by itself, averaged.
///
/// It needs no label.
///
/// G. Monge's problem on a line, where the plan in the order of the quantiles is best: C. Villani.
/// "Optimal Transport: Old and New." 2009, theorem 2.18 and remark 2.19.
///
/// ```
/// W_p^p(x, y) = ∫₀¹ |F_x⁻¹(q) − F_y⁻¹(q)|^p dq                              (1)
/// d_p = (1/d Σ_j W_p^p(x_·j, y_·j))^(1/p)                                   (2)
/// ```
///
/// It sees the features one at a time: a change in how they go together has distance 0.
///
/// - Complexity: O(d (n log n + m log m)).
public enum MarginalWasserstein {
  /// The exponent of a distance.
  public enum Order: Int, Sendable, CaseIterable {
    case one = 1
    case two = 2
  }

  /// d_p; nil where a domain is empty or has no feature.
  public static func measure(
    source: UnlabelledSample, target: UnlabelledSample, order: Order
  ) -> MeasuredValue? {
    guard source.count > 0, target.count > 0, source.features.columns > 0 else { return nil }
    let costs = costs(source.features, target.features, order: order)
    let mean = costs.reduce(0, +) / Double(costs.count)
    return MeasuredValue(value: order == .one ? mean : mean.squareRoot())  // (2)
  }

  /// W_p^p of each feature.
  static func costs(
    _ source: Matrix<Double>, _ target: Matrix<Double>, order: Order
  ) -> [Double] {
    precondition(source.columns == target.columns, "Domains that are compared have one width.")
    let (left, right) = (source.transposed, target.transposed)
    return (0..<source.columns).map { column in
      cost(sorted: left.row(column).sorted(), right.row(column).sorted(), order: order)
    }
  }

  /// W_p^p of two sorted samples.
  ///
  /// Masses are counted in units of 1/nm, so that no rounding moves a quantile.
  static func cost(sorted left: [Double], _ right: [Double], order: Order) -> Double {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        var (i, j, done, cost) = (0, 0, 0, 0.0)
        while i < left.count, j < right.count {
          let (leftEnd, rightEnd) = ((i + 1) * right.count, (j + 1) * left.count)
          let end = min(leftEnd, rightEnd)
          let gap = left[i] - right[j]
          cost += Double(end - done) * (order == .one ? abs(gap) : gap * gap)  // (1)
          done = end
          if leftEnd == end { i += 1 }
          if rightEnd == end { j += 1 }
        }
        return cost / (Double(left.count) * Double(right.count))
      }
    }
  }
}
