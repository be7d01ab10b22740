import LinearAlgebra
import Testing

struct ProductsTests {
  @Test(arguments: [(1, 1, 1), (3, 4, 5), (7, 1, 2), (33, 17, 9)])
  func productAgreesWithLoops(shape: (Int, Int, Int)) {
    let (n, k, m) = shape
    let a = Matrix.normal(n, k, 1)
    let b = Matrix.normal(k, m, 2)
    let expected = Reference.product(a, b)
    #expect((a * b).distance(to: expected) < 1e-12)
    #expect(a.transposed.multiplied(by: b, transposingSelf: true).distance(to: expected) < 1e-12)
    #expect(a.multiplied(by: b.transposed, transposingOther: true).distance(to: expected) < 1e-12)
    #expect(
      a.transposed.multiplied(by: b.transposed, transposingSelf: true, transposingOther: true)
        .distance(to: expected) < 1e-12)
  }

  @Test func singlePrecision() {
    let a = Matrix<Float>([[1, 2], [3, 4]])
    #expect(a * a == Matrix([[7, 10], [15, 22]]))
  }

  @Test func vectorProductsAndGrams() {
    let a = Matrix.normal(6, 4)
    let x = [1.0, -2, 0.5, 3]
    let product = a.multiplied(by: x)
    let expected = a * Matrix(rows: 4, columns: 1, elements: x)
    #expect(Matrix(rows: 6, columns: 1, elements: product).distance(to: expected) < 1e-13)
    #expect(a.gram.distance(to: a.transposed * a) < 1e-12)
    #expect(a.outerGram.distance(to: a * a.transposed) < 1e-12)
    #expect(a.multiplied(by: product, transposing: true).count == 4)
  }

  @Test func productsAddUp() {
    let (left, right) = (Matrix.normal(6, 3, 7), Matrix.normal(4, 3, 8))
    var sum = Matrix.normal(6, 4, 9)
    let kept = sum
    sum.add(left, timesTransposeOf: right, scaledBy: -2)
    #expect(sum.distance(to: kept - left * right.transposed * 2) < 1e-12)
  }

  /// 600 rows are more than a block of them.
  @Test(arguments: [5, 600]) func scatterIsTheGramMatrixOfCentredRows(rows: Int) {
    let matrix = Matrix.normal(rows, 4, 10).adding(row: [100, 0, -3, 1])
    let scales = [0.5, 2, 0, -1]
    #expect(matrix.scatter().distance(to: matrix.centred.gram) < 1e-10)
    #expect(
      matrix.scatter(scalingColumns: scales)
        .distance(to: matrix.scaled(columns: scales).centred.gram) < 1e-10)
  }

  @Test func emptyMatrices() {
    let none = Matrix<Double>(rows: 0, columns: 3)
    #expect((none * Matrix(rows: 3, columns: 2)).rows == 0)
    #expect(none.gram == Matrix(rows: 3, columns: 3))
    #expect(none.columnMeans == [0, 0, 0])
  }

  @Test func reductions() {
    let a = Matrix<Double>([[1, 2], [3, 6]])
    #expect(a.columnMeans == [2, 4])
    #expect(a.columnStandardDeviations == [1, 2])
    #expect(a.rowSums == [3, 9])
    #expect(a.rowSquaredNorms == [5, 45])
    #expect(a.trace == 7)
    #expect(a.covariance() == Matrix([[2, 4], [4, 8]]))
    #expect(a.covariance(.population) == Matrix([[1, 2], [2, 4]]))
    #expect(a.rowsNormalized.rowSquaredNorms.allSatisfy { abs($0 - 1) < 1e-15 })
  }

  @Test func distancesAgreeWithLoops() {
    let a = Matrix.normal(23, 7, 3)
    let b = Matrix.normal(11, 7, 4)
    let expected = Reference.squaredDistances(a, b)
    #expect(a.squaredDistances(to: b).distance(to: expected) < 1e-12)
    #expect(a.squaredDistances(to: a).elements.allSatisfy { $0 >= 0 })
  }
}
