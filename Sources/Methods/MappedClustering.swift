import Learners
import LinearAlgebra

/// A clustering behind a map of the features.
struct MappedClustering: Clustering {
  private let base: any Clustering
  private let map: @Sendable (Matrix<Double>) -> Matrix<Double>

  /// `base` applied to the features as `map` changes them, row by row; unchanged by default.
  init(
    _ base: any Clustering,
    map: @escaping @Sendable (Matrix<Double>) -> Matrix<Double> = { $0 }
  ) {
    self.base = base
    self.map = map
  }

  func clusters(of features: Matrix<Double>) -> [Int] {
    base.clusters(of: map(features))
  }
}
