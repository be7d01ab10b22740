import Learners
import LinearAlgebra

/// The features that few-shot methods work on: raw, or the source's principal components.
struct SourceFeatures: Sendable {
  private let axes: PrincipalComponentsModel?

  /// The features of a source; 0 components leave them raw.
  init(_ source: Matrix<Double>, components: Int) throws(MethodError) {
    axes =
      components == 0
      ? nil
      : try MethodError.learning { () throws(LearnerError) in
        try PrincipalComponents.fit(source, count: components)
      }
  }

  func callAsFunction(_ samples: Matrix<Double>) -> Matrix<Double> {
    axes?.project(samples) ?? samples
  }
}
