import Learners
import LinearAlgebra
import Randomness
import Testing

struct PrincipalComponentsTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let train: [[Double]]
    let test: [[Double]]
    let components: [[Double]]
    let mean: [Double]
    let variances: [Double]
    var testDescription: String { name }
  }

  @Test(arguments: try GoldenFile<Golden>.cases("principal-components"))
  func agreesWithScikitLearn(golden: Golden) throws {
    let model = try PrincipalComponents.fit(Matrix(golden.train), count: golden.variances.count)
    #expect(largestDifference(model.mean, golden.mean) < 1e-10)
    for (ours, theirs) in zip(model.variances, golden.variances) {
      #expect(abs(ours - theirs) < 1e-10 * golden.variances[0])
    }
    // The sign is free: compare after making the largest entry positive.
    let expected = golden.components.map { row in
      let largest = row.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
      return row.map { largest < 0 ? -$0 : $0 }
    }
    #expect(largestDifference(model.components.transposed, Matrix(expected)) < 1e-7)
  }

  @Test(arguments: [(50, 8), (8, 50), (20, 20)])
  func componentsAreOrthonormalAndRebuildTheSamples(rows: Int, columns: Int) throws {
    let features = Drawn.clouds(rows, features: columns, classes: 3).features
    let model = try PrincipalComponents.fit(features, count: 100)
    #expect(model.count == min(rows - 1, columns))
    let gram = model.components.gram
    #expect(largestDifference(gram, .identity(model.count)) < 1e-10)
    let rebuilt = model.reconstruct(model.project(features))
    #expect(largestDifference(rebuilt, features) < 1e-9)
    let covariance = model.project(features).covariance()
    #expect(largestDifference(covariance, .diagonal(model.variances)) < 1e-9)
    for column in 0..<model.count {
      let entries = model.components.column(column)
      #expect(entries.reduce(0) { abs($1) > abs($0) ? $1 : $0 } > 0)
    }
  }

  @Test func bothRoutesAgree() throws {
    // Columns of zeros make the same samples wide.
    let features = Drawn.clouds(12, features: 6, classes: 2).features
    let wide = features.appending(columns: Matrix(rows: 12, columns: 20))
    let (first, second) = (
      try PrincipalComponents.fit(features, count: 4), try PrincipalComponents.fit(wide, count: 4)
    )
    #expect(largestDifference(first.project(features), second.project(wide)) < 1e-9)
    #expect(largestDifference(first.variances, second.variances) < 1e-10)
  }

  @Test func theCountIsAtMostTheRank() throws {
    let line = Matrix<Double>([[1e3, 2e3, 5], [2e3, 4e3, 5], [4e3, 8e3, 5], [7e3, 14e3, 5]])
    #expect(try PrincipalComponents.fit(line, count: 3).count == 1)
    let offset = Drawn.clouds(30, features: 2, classes: 2).features
      .appending(columns: Matrix(rows: 30, columns: 3, repeating: 1e8 / 3))
    #expect(try PrincipalComponents.fit(offset, count: 5).count == 2)
    let point = try PrincipalComponents.fit(Matrix([[1, 2]]), count: 2)
    #expect(point.count == 0)
    #expect(point.project(Matrix([[3, 4]])).columns == 0)
    let equal = try PrincipalComponents.fit(
      Matrix(rows: 4, columns: 6, repeating: 0.1), count: 2)
    #expect(equal.count == 0)
  }

  @Test func theOrderOfSamplesDoesNotMatter() throws {
    let features = Drawn.clouds(40, features: 5, classes: 2).features
    var stream = RandomStream(key)
    let shuffled = features.selecting(rows: stream.permutation(40))
    let (first, second) = (
      try PrincipalComponents.fit(features, count: 3),
      try PrincipalComponents.fit(shuffled, count: 3)
    )
    #expect(largestDifference(first.components, second.components) < 1e-9)
  }

  @Test func whatHasNoComponentsIsRefused() {
    #expect(throws: LearnerError.noSamples) {
      try PrincipalComponents.fit(Matrix(rows: 0, columns: 3), count: 1)
    }
    #expect(throws: LearnerError.notFinite) {
      try PrincipalComponents.fit(Matrix([[1], [.nan]]), count: 1)
    }
  }
}
