import LinearAlgebra
import Randomness

/// Plain loops: the oracle for BLAS and LAPACK.
enum Reference {
  static func product<S>(_ a: Matrix<S>, _ b: Matrix<S>) -> Matrix<S> {
    var result = Matrix<S>(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows {
      for j in 0..<b.columns {
        for k in 0..<a.columns { result[i, j] += a[i, k] * b[k, j] }
      }
    }
    return result
  }

  static func squaredDistances(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
    var result = Matrix<Double>(rows: a.rows, columns: b.rows)
    for i in 0..<a.rows {
      for j in 0..<b.rows {
        for k in 0..<a.columns { result[i, j] += (a[i, k] - b[j, k]) * (a[i, k] - b[j, k]) }
      }
    }
    return result
  }
}

extension Matrix<Double> {
  static func normal(_ rows: Int, _ columns: Int, _ seed: UInt64 = 1) -> Matrix {
    var stream = RandomStream(RandomKey(seed: seed))
    return Matrix(
      rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in stream.normal() })
  }

  func distance(to other: Matrix) -> Double { (self - other).elements.map(abs).max() ?? 0 }
}
