// The loops that each resample of a bootstrap runs through.

/// Σ wᵢ.
func total(_ weights: [Double]) -> Double {
  var sum = 0.0
  for weight in weights { sum += weight }
  return sum
}

/// Σ wᵢ vᵢ / Σ wᵢ; nil where the weights sum to 0.
func mean(_ values: [Double], weights: [Double]) -> Double? {
  var sum = 0.0
  var weight = 0.0
  for index in values.indices {
    sum += weights[index] * values[index]
    weight += weights[index]
  }
  return weight > 0 ? sum / weight : nil
}

/// The sum of the weights in each cell; `cells` holds the cell of each sample.
func sums(_ weights: [Double], by cells: [Int], count: Int) -> [Double] {
  var sums = [Double](repeating: 0, count: count)
  for index in cells.indices { sums[cells[index]] += weights[index] }
  return sums
}

/// Σ wᵢ vᵢ in each cell.
func sums(_ weights: [Double], times values: [Double], by cells: [Int], count: Int) -> [Double] {
  var sums = [Double](repeating: 0, count: count)
  for index in cells.indices { sums[cells[index]] += weights[index] * values[index] }
  return sums
}
