public import Learners
public import LinearAlgebra

/// A classifier that moves samples before it classifies them: where it moves them to can be looked at.
public protocol FeatureMapping: Classifier {
  /// Target samples, n × d, as they are classified: n rows of any width.
  func mapped(_ features: Matrix<Double>) -> Matrix<Double>
  /// Source samples, n × d, as it was fitted to them: n rows of the same width.
  func mapped(ofSource features: Matrix<Double>) -> Matrix<Double>
}

/// A classifier behind a map of the features: what most methods end in.
struct MappedClassifier: FeatureMapping {
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

  func mapped(_ features: Matrix<Double>) -> Matrix<Double> { map(features) }

  func mapped(ofSource features: Matrix<Double>) -> Matrix<Double> { sourceMap(features) }

  func probabilities(of features: Matrix<Double>) -> Matrix<Double> {
    base.probabilities(of: map(features))
  }

  func probabilities(ofSource features: Matrix<Double>) -> Matrix<Double> {
    base.probabilities(of: sourceMap(features))
  }
}
