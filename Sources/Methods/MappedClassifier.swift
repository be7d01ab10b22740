import Learners
import LinearAlgebra

/// A classifier behind a map of the features: what most methods end in.
struct MappedClassifier: Classifier {
  private let base: any Classifier
  private let map: @Sendable (Matrix<Double>) -> Matrix<Double>
  private let sourceMap: @Sendable (Matrix<Double>) -> Matrix<Double>

  /// `base` applied to the features as `map` changes them, row by row; unchanged by default.
  ///
  /// `sourceMap` is the source's way where it is another.
  init(
    _ base: any Classifier,
    map: @escaping @Sendable (Matrix<Double>) -> Matrix<Double> = { $0 },
    sourceMap: (@Sendable (Matrix<Double>) -> Matrix<Double>)? = nil
  ) {
    self.base = base
    self.map = map
    self.sourceMap = sourceMap ?? map
  }

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    base.probabilities(of: map(features))
  }

  func probabilities(ofSource features: Matrix<Double>) -> Matrix<Double> {
    base.probabilities(of: sourceMap(features))
  }
}
