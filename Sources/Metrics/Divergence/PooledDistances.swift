import LinearAlgebra

/// The squared distances between all pairs of two pooled samples.
enum PooledDistances {
  /// ‖x_i − x_j‖² of the source's rows followed by the target's, (n + m) × (n + m).
  ///
  /// Small ones are summed entry by entry: ‖x‖² + ‖y‖² − 2 xᵀy has lost their digits.
  ///
  /// - Complexity: O((n + m)² d).
  static func squared(_ source: Matrix<Double>, _ target: Matrix<Double>) -> Matrix<Double> {
    let pooled = source.appending(rows: target).centred
    var distances = pooled.squaredDistances(to: pooled)
    let norms = pooled.rowSquaredNorms
    let (count, width) = (pooled.rows, pooled.columns)
    pooled.elements.withUnsafeBufferPointer { entries in
      distances.elements.withUnsafeMutableBufferPointer { distances in
        for row in 0..<count {
          distances[row * count + row] = 0
          for other in row + 1..<max(count, row + 1) {
            var distance = distances[row * count + other]
            if distance < 1e-6 * (norms[row] + norms[other]) {
              distance = 0
              for column in 0..<width {
                let gap = entries[row * width + column] - entries[other * width + column]
                distance += gap * gap
              }
            }
            distances[row * count + other] = distance
            distances[other * count + row] = distance
          }
        }
      }
    }
    return distances
  }

  /// The median of the entries above the diagonal; nil where there are none.
  static func median(_ distances: Matrix<Double>) -> Double? {
    var above: [Double] = []
    above.reserveCapacity(distances.rows * max(distances.rows - 1, 0) / 2)
    for row in 0..<distances.rows {
      above.append(contentsOf: distances.row(row).dropFirst(row + 1))
    }
    guard !above.isEmpty else { return nil }
    let middle = above.count / 2
    let upper = select(&above, rank: middle)
    guard above.count % 2 == 0 else { return upper }
    return (above[..<middle].reduce(-.infinity, max) + upper) / 2
  }

  /// The value at a rank, from 0; smaller ones are moved to the front (Hoare 1961).
  private static func select(_ values: inout [Double], rank: Int) -> Double {
    values.withUnsafeMutableBufferPointer { values in
      var (low, high) = (0, values.count - 1)
      while low < high {
        let pivot = values[low + (high - low) / 2]
        var (left, right) = (low, high)
        while left <= right {
          while values[left] < pivot { left += 1 }
          while values[right] > pivot { right -= 1 }
          guard left <= right else { break }
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
        if rank <= right { high = right } else if rank >= left { low = left } else { break }
      }
      return values[rank]
    }
  }
}
