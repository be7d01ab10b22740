import LinearAlgebra
import Testing

struct CurvedProductsTests {
  /// Widths and points on all sides of what the loops take at once.
  @Test(arguments: [1, 3, 4, 10, 17], [1, 9, 64, 131])
  func agreeWithPlainProducts(count: Int, width: Int) {
    let rows = 45
    let features = Matrix.normal(rows, width, 1)
    let points = Matrix.normal(count, width + 1, 2)
    let curvatures = Matrix.normal(count, rows, 3).map { $0 > 0 ? $0 : 0 }
    let extended = features.appending(columns: Matrix(rows: rows, columns: 1, repeating: 1))
    let products = points.multiplied(by: extended, transposingOther: true)
    let found = features.curvedProducts(points, curvatures: curvatures)
    #expect(found.products.distance(to: products) < 1e-12)
    let slopes = products.zip(curvatures) { $0 * $1 } * extended
    #expect(found.slopes.distance(to: slopes) < 1e-11)
  }
}
