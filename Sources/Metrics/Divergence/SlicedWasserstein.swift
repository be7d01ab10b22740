public import Domains
import LinearAlgebra
public import Randomness

/// The Wasserstein distance of random projections, averaged.
///
/// It needs no label.
///
/// N. Bonneel, J. Rabin, G. Peyré, H. Pfister. "Sliced and Radon Wasserstein Barycenters of
/// Measures." Journal of Mathematical Imaging and Vision 51(1), 2015.
///
/// ```
/// SW_2² = 1/L Σ_l W_2²(X θ_l, Y θ_l),   θ_l uniform on the sphere            (1)
/// ```
///
/// - Complexity: O(L (d (n + m) + (n + m) log(n + m) + B (n + m))) for B permutations.
public enum SlicedWasserstein {
  /// SW_2 over random directions, and its permutation p-value.
  ///
  /// - Returns: nil where a domain is empty or has no feature.
  public static func measure(
    source: UnlabelledSample, target: UnlabelledSample, directions: Int = 100, permutations: Int,
    key: RandomKey
  ) -> MeasuredValue? {
    let width = source.features.columns
    guard source.count > 0, target.count > 0, width > 0 else { return nil }
    var stream = RandomStream(key.child("directions"))
    let drawn = Matrix(
      rows: directions, columns: width,
      elements: (0..<directions * width).map { _ in stream.normal() })
    return measure(
      source: source, target: target, directions: drawn.rowsNormalized,
      permutations: permutations, key: key)
  }

  /// The same with these directions of length 1, L × d.
  static func measure(
    source: UnlabelledSample, target: UnlabelledSample, directions: Matrix<Double>,
    permutations: Int, key: RandomKey
  ) -> MeasuredValue? {
    let pooled = source.features.appending(rows: target.features)
    let projections = directions.multiplied(by: pooled, transposingOther: true)
    let divisions = Divisions(
      source: source.count, target: target.count, permutations: permutations, key: key)
    let members = divisions.indicators.transposed
    var squares = [Double](repeating: 0, count: divisions.count)
    for direction in 0..<projections.rows {
      let values = Array(projections.row(direction))
      let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
      add(to: &squares, values, order, members)
    }
    squares = squares.map { $0 / Double(directions.rows) }  // (1)
    return MeasuredValue(
      value: squares[0].squareRoot(),
      pValue: PermutationTest.pValue(of: squares[0], among: squares.dropFirst()))
  }

  /// Adds W_2² of one projection under each division: sorted once, dealt out many times.
  private static func add(
    to squares: inout [Double], _ values: [Double], _ order: [Int], _ members: Matrix<Double>
  ) {
    let sourceCount = Int(members.row(0).reduce(0, +))
    var left = [Double](repeating: 0, count: sourceCount)
    var right = [Double](repeating: 0, count: order.count - sourceCount)
    for division in squares.indices {
      var (i, j) = (0, 0)
      for index in order {
        if members.elements[division * order.count + index] > 0 {
          left[i] = values[index]
          i += 1
        } else {
          right[j] = values[index]
          j += 1
        }
      }
      squares[division] += MarginalWasserstein.cost(sorted: left, right, order: .two)
    }
  }
}
