internal import CKernels

/// log Σ exp(x) of the numbers, without overflow; −∞ of none.
public func logSumExp(_ values: [Double]) -> Double {
  ck_log_sum_exp_f64(values.count, values)
}

extension Matrix<Double> {
  /// log Σ exp(x) of each row.
  public var rowLogSumExp: [Double] {
    elements.withUnsafeBufferPointer { entries in
      (0..<rows).map { row in
        ck_log_sum_exp_f64(columns, entries.baseAddress.map { $0 + row * columns })
      }
    }
  }
}
