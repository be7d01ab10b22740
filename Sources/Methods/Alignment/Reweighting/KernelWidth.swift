import LinearAlgebra

/// The width of a Gaussian kernel for two domains, by the median heuristic.
enum KernelWidth {
  /// The most samples of a domain that the median is taken over.
  static let sampleLimit = 100

  /// 1 / median of the squared distances among samples of both domains.
  ///
  /// Of a larger domain, samples at equal steps stand for all: the median of all distances
  /// would cost more than what it is needed for.
  static func medianGamma(_ source: Matrix<Double>, _ target: Matrix<Double>) -> Double {
    KernelFunction.medianGamma(thinned(source).appending(rows: thinned(target)))
  }

  /// 1 / median of the squared distances among samples; of more than a thousand, those at equal
  /// steps stand for all.
  static func medianGamma(_ samples: Matrix<Double>) -> Double {
    KernelFunction.medianGamma(thinned(samples, to: 1000))
  }

  private static func thinned(
    _ samples: Matrix<Double>, to limit: Int = sampleLimit
  ) -> Matrix<Double> {
    guard samples.rows > limit else { return samples }
    return samples.selecting(rows: (0..<limit).map { $0 * samples.rows / limit })
  }
}
