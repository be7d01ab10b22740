/// Σ wᵢ.
func total(_ weights: [Double]) -> Double {
  var sum = 0.0
  for weight in weights { sum += weight }
  return sum
}

extension [Double] {
  /// The places of the numbers from the least to the greatest, those of equal ones in their order.
  var ascendingOrder: [Int] {
    let placed = enumerated().map { (value: $1, place: $0) }
    return placed.sorted { left, right in
      left.value == right.value ? left.place < right.place : left.value < right.value
    }.map(\.place)
  }
}
