/// Σ wᵢ.
func total(_ weights: [Double]) -> Double {
  var sum = 0.0
  for weight in weights { sum += weight }
  return sum
}
