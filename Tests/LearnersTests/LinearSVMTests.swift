import Learners
import LinearAlgebra
import Randomness
import Testing

struct LinearSVMTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let cost: Double
    let train: [[Double]]
    let labels: [Int]
    let test: [[Double]]
    let coefficients: [[Double]]
    let intercepts: [Double]
    let predictions: [Int]
    var testDescription: String { name }
  }

  @Test(arguments: try GoldenFile<Golden>.cases("linear-svm"))
  func agreesWithScikitLearn(golden: Golden) throws {
    let classCount = (golden.labels.max() ?? 0) + 1
    var learner = LinearSVM(cost: golden.cost)
    learner.tolerance = 1e-10
    let model = try learner.fit(
      features: Matrix(golden.train), labels: golden.labels, classCount: classCount, weights: nil,
      key: key)
    let isBinary = classCount == 2
    let weights =
      isBinary
      ? Matrix([zip(model.weights.row(1), model.weights.row(0)).map { $0 - $1 }]) : model.weights
    let intercepts = isBinary ? [model.intercepts[1] - model.intercepts[0]] : model.intercepts
    #expect(largestDifference(weights, Matrix(golden.coefficients)) < 1e-6)
    #expect(largestDifference(intercepts, golden.intercepts) < 1e-6)
    #expect(predictions(model.probabilities(of: Matrix(golden.test))) == golden.predictions)
  }

  @Test func isTheSameTwiceAndInAnyOrder() throws {
    let drawn = Drawn.clouds(60, features: 5, classes: 4)
    var stream = RandomStream(key)
    let shuffled = drawn.selecting(stream.permutation(60))
    var learner = LinearSVM()
    learner.tolerance = 1e-10
    let model = try fit(learner, drawn)
    #expect(model == (try fit(learner, drawn)))
    #expect(largestDifference(model.weights, try fit(learner, shuffled).weights) < 1e-6)
  }

  @Test func absentClassesHaveProbabilityZero() throws {
    var drawn = Drawn.clouds(30, features: 3, classes: 2)
    drawn.labels = drawn.labels.map { [1, 3][$0] }
    let model = try LinearSVM().fit(
      features: drawn.features, labels: drawn.labels, classCount: 5, weights: nil, key: key)
    let probabilities = model.probabilities(of: drawn.features)
    #expect(predictions(probabilities) == drawn.labels)
    for label in [0, 2, 4] { #expect(probabilities.column(label).allSatisfy { $0 == 0 }) }
  }

  @Test func edgesOfTheInput() throws {
    let constant = try LinearSVM().fit(
      features: Matrix([[1, 2]]), labels: [1], classCount: 3, weights: nil, key: key)
    #expect(constant.probabilities(of: Matrix([[0, 0]])).elements == [0, 1, 0])
    // Equal points of two classes: nothing tells them apart.
    let torn = try LinearSVM().fit(
      features: Matrix(rows: 4, columns: 2, repeating: 0), labels: [0, 1, 0, 1], classCount: 2,
      weights: nil, key: key)
    #expect(
      largestDifference(torn.probabilities(of: Matrix([[1, 1]])).elements, [0.5, 0.5]) < 1e-9)
    #expect(throws: LearnerError.notFinite) {
      try LinearSVM().fit(
        features: Matrix([[0], [.nan]]), labels: [0, 1], classCount: 2, weights: nil, key: key)
    }
    #expect(throws: LearnerError.notFinite) {
      try LinearSVM().fit(
        features: Matrix([[0], [1e200]]), labels: [0, 1], classCount: 2, weights: nil, key: key)
    }
    #expect(throws: LearnerError.noSamples) {
      try LinearSVM().fit(
        features: Matrix(rows: 0, columns: 1), labels: [], classCount: 2, weights: nil, key: key)
    }
  }

  /// Columns of zeros change nothing but the road: inner products in place of conjugate gradients.
  @Test(arguments: [2, 4]) func bothRoadsLeadToTheMinimum(classCount: Int) throws {
    let drawn = Drawn.clouds(60, features: 5, classes: classCount, spread: 0.5)
    var learner = LinearSVM()
    learner.tolerance = 1e-10
    let expected = try fit(learner, drawn)
    let found = try learner.fit(
      features: drawn.features.appending(columns: Matrix(rows: 60, columns: 30)),
      labels: drawn.labels, classCount: classCount, weights: nil, key: key)
    #expect(largestDifference(found.weights.selecting(columns: 0..<5), expected.weights) < 1e-9)
    #expect(found.weights.selecting(columns: 5..<35).elements.allSatisfy { abs($0) < 1e-12 })
    #expect(largestDifference(found.intercepts, expected.intercepts) < 1e-9)
  }

  /// A sample of weight 3 is three samples of weight 1.
  @Test(arguments: [2, 3]) func weightsCountAsRepetitions(classCount: Int) throws {
    let drawn = Drawn.clouds(60, features: 5, classes: classCount, spread: 0.5)
    let counts = (0..<60).map { 1 + $0 % 3 }
    let repeated = drawn.selecting(
      counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) })
    var learner = LinearSVM(cost: 0.3)
    learner.tolerance = 1e-9
    let expected = try fit(learner, repeated)
    let found = try learner.fit(
      features: drawn.features, labels: drawn.labels, classCount: classCount,
      weights: counts.map(Double.init), key: key)
    #expect(largestDifference(found.weights, expected.weights) < 1e-6)
    #expect(largestDifference(found.intercepts, expected.intercepts) < 1e-6)
    // Equal weights are as much C.
    let even = try learner.fit(
      features: drawn.features, labels: drawn.labels, classCount: classCount,
      weights: Array(repeating: 2, count: 60), key: key)
    learner.cost = 0.6
    let same = try fit(learner, drawn)
    #expect(even == same)
  }

  private func fit(_ learner: LinearSVM, _ drawn: Drawn) throws -> LinearClassifier {
    try learner.fit(
      features: drawn.features, labels: drawn.labels, classCount: drawn.classCount, weights: nil,
      key: key)
  }
}
