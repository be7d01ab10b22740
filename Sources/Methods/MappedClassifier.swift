import Learners
import LinearAlgebra

/// A classifier behind a map of the features: what most methods end in.
struct MappedClassifier: Classifier {
  private let base: any Classifier
  private let map: @Sendable (Matrix<Double>) -> Matrix<Double>

  /// `base` applied to the features as `map` changes them, row by row; unchanged by default.
  init(
    _ base: any Classifier,
    map: @escaping @Sendable (Matrix<Double>) -> Matrix<Double> = { $0 }
  ) {
    self.base = base
    self.map = map
  }

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    base.probabilities(of: map(features))
  }
}
