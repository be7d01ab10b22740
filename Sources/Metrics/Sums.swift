internal import CKernels

/// Σ wᵢ.
func total(_ weights: [Double]) -> Double {
  var sum = 0.0
  for weight in weights { sum += weight }
  return sum
}

extension [Double] {
  /// The places of the numbers from the least to the greatest, those of equal ones in their order.
  var ascendingOrder: [Int] {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: count) { other in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { keys in
        [Int](unsafeUninitializedCapacity: count) { order, initialized in
          ck_ascending_order_f64(
            count, self, order.baseAddress, other.baseAddress, keys.baseAddress)
          initialized = count
        }
      }
    }
  }
}
