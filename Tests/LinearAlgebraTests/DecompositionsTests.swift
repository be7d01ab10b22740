import LinearAlgebra
import Testing

struct DecompositionsTests {
  let positive = Matrix.normal(30, 12, 5).gram.adding(diagonal: 0.1)

  @Test func choleskySolvesAndInverts() throws {
    let factor = try positive.cholesky()
    #expect((factor.lower * factor.lower.transposed).distance(to: positive) < 1e-11)
    let right = Matrix.normal(12, 3, 6)
    #expect((positive * factor.solve(right)).distance(to: right) < 1e-10)
    #expect((positive * factor.inverse()).distance(to: .identity(12)) < 1e-10)
    let diagonal = try Matrix.diagonal([2.0, 3]).cholesky()
    #expect(abs(diagonal.logDeterminant - 1.791759469228055) < 1e-15)
  }

  @Test func factorsTransformBothSides() throws {
    let factor = try positive.cholesky()
    let other = Matrix.normal(12, 12, 7)
    let product = factor.lower.transposed * other * factor.lower
    #expect(factor.congruent(other).distance(to: product) < 1e-11)
    #expect(factor.inverselyCongruent(product).distance(to: other) < 1e-9)
    let kept = other
    _ = factor.congruent(kept)
    #expect(kept == other)
  }

  @Test func indefiniteIsAnError() {
    #expect(throws: LinearAlgebraError.notPositiveDefinite(routine: "dpotrf", order: 2)) {
      try Matrix<Double>([[1, 2], [2, 1]]).cholesky()
    }
    #expect(throws: LinearAlgebraError.notFinite(routine: "dpotrf")) {
      try Matrix<Double>([[.nan, 2], [2, 1]]).cholesky()
    }
    #expect(throws: LinearAlgebraError.singular(routine: "dgesv", pivot: 2)) {
      try Matrix<Double>([[1, 2], [2, 4]]).solve(.identity(2))
    }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(routine: "dsyevr", order: 2)) {
      try Matrix<Double>([[1, 2], [2, 1]]).squareRoot()
    }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(routine: "dsygvx", order: 2)) {
      try Matrix<Double>.identity(2).symmetricEigen(
        relativeTo: Matrix([[1, 2], [2, 1]]), .largest(1))
    }
  }

  @Test func factorsSolveMoreThanOnce() throws {
    let matrix = Matrix.normal(7, 7, 13)
    let factors = try LUFactors(matrix)
    for columns in [1, 3] {
      let right = Matrix.normal(7, columns, UInt64(20 + columns))
      #expect((matrix * factors.solve(right)).distance(to: right) < 1e-11)
    }
    #expect(factors.solve(Matrix(rows: 7, columns: 0)).columns == 0)
    #expect(throws: LinearAlgebraError.singular(routine: "dgetrf", pivot: 2)) {
      try LUFactors(Matrix<Double>([[1, 2], [2, 4]]))
    }
    #expect(throws: LinearAlgebraError.notFinite(routine: "dgetrf")) {
      try LUFactors(Matrix<Double>([[1, .nan], [2, 4]]))
    }
  }

  @Test func eigenpairs() throws {
    let all = try positive.symmetricEigen()
    #expect(all.values == all.values.sorted())
    let rebuilt = all.vectors.scaled(columns: all.values) * all.vectors.transposed
    #expect(rebuilt.distance(to: positive) < 1e-11)
    let largest = try positive.symmetricEigen(.largest(3))
    let smallest = try positive.symmetricEigen(.smallest(3))
    for index in 0..<3 {
      #expect(abs(largest.values[index] - all.values[11 - index]) < 1e-10)
      #expect(abs(smallest.values[index] - all.values[index]) < 1e-10)
    }
    let image = positive * largest.vectors
    #expect(image.distance(to: largest.vectors.scaled(columns: largest.values)) < 1e-10)
  }

  @Test(arguments: [EigenSelection.all, .largest(4), .smallest(4), .largest(12)])
  func generalisedEigenpairs(selection: EigenSelection) throws {
    let metric = Matrix.normal(40, 12, 7).gram.adding(diagonal: 1)
    let eigen = try positive.symmetricEigen(relativeTo: metric, selection)
    let left = positive * eigen.vectors
    let right = (metric * eigen.vectors).scaled(columns: eigen.values)
    #expect(left.distance(to: right) < 1e-10)
    let gram = eigen.vectors.transposed * metric * eigen.vectors
    #expect(gram.distance(to: .identity(eigen.values.count)) < 1e-11)
    let ordered = selection == .all || selection == .smallest(4)
    #expect(eigen.values == eigen.values.sorted { ordered ? $0 < $1 : $0 > $1 })
  }

  /// The eigensolver works in a matrix's own memory only where nothing else holds it.
  @Test(arguments: [EigenSelection.all, .largest(2)])
  func eigenpairsLeaveTheMatrix(selection: EigenSelection) throws {
    let matrix = positive
    let copy = Matrix(rows: 12, columns: 12, elements: matrix.elements.map { $0 + 0 })
    _ = try matrix.symmetricEigen(selection)
    #expect(matrix == copy)
    #expect(positive == copy)
  }

  @Test func singlePrecisionEigenpairs() throws {
    let matrix = Matrix<Float>([[2, 1], [1, 2]])
    let largest = try matrix.symmetricEigen(.largest(1))
    #expect(abs(largest.values[0] - 3) < 1e-6)
    #expect(largest.vectors.columns == 1)
  }

  @Test(arguments: [(9, 4), (4, 9), (5, 5), (1, 3)])
  func singularValues(shape: (Int, Int)) throws {
    let matrix = Matrix.normal(shape.0, shape.1, 8)
    let svd = try matrix.singularValues()
    #expect(svd.values == svd.values.sorted(by: >))
    let rebuilt = svd.left.scaled(columns: svd.values) * svd.right.transposed
    #expect(rebuilt.distance(to: matrix) < 1e-12)
    #expect(svd.right.gram.distance(to: .identity(svd.values.count)) < 1e-12)
  }

  @Test func leastSquaresTallWideAndDeficient() throws {
    let tall = Matrix.normal(20, 5, 9)
    let truth = Matrix.normal(5, 2, 10)
    #expect(try tall.leastSquares(tall * truth).distance(to: truth) < 1e-12)
    let wide = Matrix.normal(3, 6, 11)
    let right = Matrix.normal(3, 2, 12)
    #expect((try wide * wide.leastSquares(right)).distance(to: right) < 1e-12)
    let deficient = Matrix<Double>([[1, 1], [1, 1]])
    let solution = try deficient.leastSquares(Matrix([[2], [2]]))
    #expect(solution.distance(to: Matrix([[1], [1]])) < 1e-14)
  }

  @Test func solveAndRoots() throws {
    let matrix = Matrix.normal(7, 7, 13)
    let right = Matrix.normal(7, 2, 14)
    #expect((matrix * (try matrix.solve(right))).distance(to: right) < 1e-11)
    let root = try positive.squareRoot()
    #expect((root * root).distance(to: positive) < 1e-11)
    let inverse = try positive.inverseSquareRoot()
    #expect((inverse * positive * inverse).distance(to: .identity(12)) < 1e-9)
    #expect(try Matrix<Double>([[1, 1], [1, 1]]).squareRoot().isFinite)
  }
}
