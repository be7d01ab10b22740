import Learners
import LinearAlgebra

extension Matrix<Double> {
  /// The map that moves a sample as the nearest of these rows moved.
  ///
  /// For samples that a transport plan or a move by class was not made for:
  ///
  /// ```
  /// x ↦ x + x'_i − x_i,   i = argmin over i: ‖x − x_i‖
  /// ```
  ///
  /// S. Ferradans, N. Papadakis, G. Peyré, J.-F. Aujol. "Regularized discrete optimal transport."
  /// SIAM Journal on Imaging Sciences 7(3), 2014.
  ///
  /// - Parameter moved: where these rows moved, of the same shape.
  /// - Returns: the map of n × d samples.
  func movingAlong(_ moved: Matrix<Double>) -> @Sendable (Matrix<Double>) -> Matrix<Double> {
    let moves = moved - self
    return { features in
      features + moves.selecting(rows: NeighbourSearch(points: self).nearest(to: features))
    }
  }
}
