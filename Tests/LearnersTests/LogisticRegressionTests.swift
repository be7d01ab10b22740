import Foundation
import Learners
import LinearAlgebra
import Randomness
import Testing

struct LogisticRegressionTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let cost: Double
    let train: [[Double]]
    let labels: [Int]
    let weights: [Double]?
    let test: [[Double]]
    let coefficients: [[Double]]
    let intercepts: [Double]
    let probabilities: [[Double]]
    var testDescription: String { name }
  }

  @Test(arguments: try GoldenFile<Golden>.cases("logistic-regression"))
  func agreesWithScikitLearn(golden: Golden) throws {
    let classCount = (golden.labels.max() ?? 0) + 1
    var learner = LogisticRegression(cost: golden.cost)
    learner.tolerance = 1e-10
    let model = try learner.fit(
      features: Matrix(golden.train), labels: golden.labels, classCount: classCount,
      weights: golden.weights, key: key)
    // With two classes scikit-learn has one logit: the difference of ours.
    let isBinary = classCount == 2
    let weights =
      isBinary
      ? Matrix([zip(model.weights.row(1), model.weights.row(0)).map { $0 - $1 }]) : model.weights
    let intercepts = isBinary ? [model.intercepts[1] - model.intercepts[0]] : model.intercepts
    #expect(largestDifference(weights, Matrix(golden.coefficients)) < 1e-5)
    // Only differences between intercepts matter: scikit-learn leaves their mean where it was.
    let shift = intercepts.reduce(0, +) - golden.intercepts.reduce(0, +)
    let level = isBinary ? 0 : shift / Double(intercepts.count)
    #expect(largestDifference(intercepts.map { $0 - level }, golden.intercepts) < 1e-5)
    let probabilities = model.probabilities(of: Matrix(golden.test))
    #expect(largestDifference(probabilities, Matrix(golden.probabilities)) < 1e-5)
  }

  @Test(arguments: [2, 4])
  func theDefaultToleranceReachesTheMinimum(classes: Int) throws {
    let drawn = Drawn.clouds(200, features: 10, classes: classes)
    var tight = LogisticRegression()
    tight.tolerance = 1e-11
    let model = try fit(LogisticRegression(), drawn)
    #expect(largestDifference(model.weights, try fit(tight, drawn).weights) < 1e-4)
  }

  @Test func thePenaltyLeavesOneConditionAtTheMinimum() throws {
    // At the minimum W = C Σ a_i (onehot(y_i) − p(x_i)) x_iᵀ and Σ a_i (onehot − p) = 0.
    let drawn = Drawn.clouds(60, features: 5, classes: 3, seed: 3)
    var learner = LogisticRegression(cost: 0.7)
    learner.tolerance = 1e-12
    let model = try fit(learner, drawn)
    var residuals = model.probabilities(of: drawn.features) * -1
    for (row, label) in drawn.labels.enumerated() { residuals[row, label] += 1 }
    let expected = 0.7 * residuals.multiplied(by: drawn.features, transposingSelf: true)
    #expect(largestDifference(model.weights, expected) < 1e-8)
    #expect(residuals.columnSums.allSatisfy { abs($0) < 1e-9 })
  }

  @Test func weightsCountAsRepetitions() throws {
    let drawn = Drawn.clouds(40, features: 4, classes: 3)
    var stream = RandomStream(key)
    let counts = (0..<40).map { _ in stream.integer(below: 4) }
    let repeated = drawn.selecting(
      counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) })
    var learner = LogisticRegression()
    learner.tolerance = 1e-12
    let weighted = try learner.fit(
      features: drawn.features, labels: drawn.labels, classCount: 3,
      weights: counts.map(Double.init), key: key)
    #expect(largestDifference(weighted.weights, try fit(learner, repeated).weights) < 1e-8)
  }

  @Test func theOrderOfSamplesDoesNotMatter() throws {
    let drawn = Drawn.clouds(50, features: 4, classes: 3)
    var stream = RandomStream(key)
    var learner = LogisticRegression()
    learner.tolerance = 1e-12
    let shuffled = drawn.selecting(stream.permutation(50))
    let (first, second) = (try fit(learner, drawn), try fit(learner, shuffled))
    #expect(largestDifference(first.weights, second.weights) < 1e-8)
  }

  @Test func absentClassesHaveProbabilityZero() throws {
    var drawn = Drawn.clouds(40, features: 3, classes: 3)
    let dense = try fit(LogisticRegression(), drawn).probabilities(of: drawn.features)
    drawn.labels = drawn.labels.map { [1, 4, 6][$0] }
    let model = try LogisticRegression().fit(
      features: drawn.features, labels: drawn.labels, classCount: 8, weights: nil, key: key)
    let sparse = model.probabilities(of: drawn.features)
    #expect(model.classes == [1, 4, 6])
    for (place, label) in [1, 4, 6].enumerated() {
      #expect(sparse.column(label) == dense.column(place))
    }
    for label in [0, 2, 3, 5, 7] { #expect(sparse.column(label).allSatisfy { $0 == 0 }) }
  }

  @Test func aClassOfWeightZeroIsAbsent() throws {
    let drawn = Drawn.clouds(40, features: 3, classes: 3)
    let model = try LogisticRegression().fit(
      features: drawn.features, labels: drawn.labels, classCount: 3,
      weights: drawn.labels.map { $0 == 1 ? 0 : 1 }, key: key)
    #expect(model.classes == [0, 2])
  }

  @Test func oneClassAloneIsAlwaysNamed() throws {
    let model = try LogisticRegression().fit(
      features: Matrix([[1, 2], [3, 4]]), labels: [2, 2], classCount: 4, weights: nil, key: key)
    #expect(model.probabilities(of: Matrix([[-9, 7]])).elements == [0, 0, 1, 0])
  }

  @Test func constantAndHugeColumnsDoNotMatter() throws {
    let drawn = Drawn.clouds(80, features: 4, classes: 3)
    var learner = LogisticRegression()
    learner.tolerance = 1e-10
    let plain = try fit(learner, drawn).probabilities(of: drawn.features)
    var stretched = drawn
    stretched.features = drawn.features.appending(
      columns: Matrix(rows: 80, columns: 1, repeating: 1e6))
    let model = try fit(learner, stretched)
    #expect(largestDifference(plain, model.probabilities(of: stretched.features)) < 1e-6)
    #expect(abs(model.weights[0, 4]) < 1e-9)
  }

  @Test func badlyScaledColumnsConverge() throws {
    var drawn = Drawn.clouds(300, features: 6, classes: 3)
    drawn.features = drawn.features.scaled(columns: [1e-4, 1, 1e4, 1e6, 10, 1e-8])
      .adding(row: [0, 1e3, -1e6, 1e7, 5, 1])
    let model = try fit(LogisticRegression(), drawn)
    #expect(model.probabilities(of: drawn.features).isFinite)
  }

  @Test func aStrongPriorIsKept() throws {
    let drawn = Drawn.clouds(60, features: 3, classes: 3)
    let prior = LinearClassifier(
      weights: Matrix([[1, 2, 3], [-1, 0, 1], [0.5, -2, 0]]), intercepts: [0.1, 0.2, 0.3],
      classes: [0, 1, 2])
    let strong = try fit(LogisticRegression(cost: 1e-9, prior: prior), drawn)
    #expect(largestDifference(strong.weights, prior.weights) < 1e-5)
    var learner = LogisticRegression(cost: 1e-9, prior: prior)
    learner.penalizesIntercepts = true
    let bound = try fit(learner, drawn)
    #expect(largestDifference(bound.intercepts, prior.intercepts) < 1e-5)
    #expect(largestDifference(strong.intercepts, prior.intercepts) > 1e-2)
  }

  @Test func aPriorAtTheMinimumOfAllChangesNothing() throws {
    // Where the prior minimises the losses, it minimises the sum with the pull to it too.
    let drawn = Drawn.clouds(60, features: 3, classes: 2, spread: 0.3)
    var loose = LogisticRegression(cost: 1e9)
    loose.tolerance = 1e-12
    let prior = try fit(loose, drawn)
    var learner = LogisticRegression(cost: 1, prior: prior)
    learner.tolerance = 1e-12
    #expect(largestDifference(try fit(learner, drawn).weights, prior.weights) < 1e-5)
  }

  @Test func penalizedInterceptsActLikeAColumnOfOnes() throws {
    let drawn = Drawn.clouds(60, features: 3, classes: 3)
    var learner = LogisticRegression()
    learner.tolerance = 1e-12
    learner.penalizesIntercepts = true
    let model = try fit(learner, drawn)
    var residuals = model.probabilities(of: drawn.features) * -1
    for (row, label) in drawn.labels.enumerated() { residuals[row, label] += 1 }
    #expect(largestDifference(model.intercepts, residuals.columnSums) < 1e-8)
  }

  @Test func whatCannotBeLearntIsRefused() {
    let features = Matrix<Double>([[0], [1]])
    #expect(throws: LearnerError.noSamples) {
      try LogisticRegression().fit(
        features: Matrix(rows: 0, columns: 1), labels: [], classCount: 2, weights: nil, key: key)
    }
    #expect(throws: LearnerError.notFinite) {
      try LogisticRegression().fit(
        features: Matrix([[0], [.nan]]), labels: [0, 1], classCount: 2, weights: nil, key: key)
    }
    #expect(throws: LearnerError.notFinite) {
      try LogisticRegression().fit(
        features: Matrix([[0], [1e200]]), labels: [0, 1], classCount: 2, weights: nil, key: key)
    }
    for weights in [[0, 0], [1, -1], [1, .nan], [1, .infinity]] {
      #expect(throws: LearnerError.unusableWeights) {
        try LogisticRegression().fit(
          features: features, labels: [0, 1], classCount: 2, weights: weights, key: key)
      }
    }
    var hasty = LogisticRegression()
    hasty.maximumIterations = 1
    hasty.tolerance = 1e-12
    let drawn = Drawn.clouds(30, features: 3, classes: 3)
    #expect(
      throws: LearnerError.notConverged(learner: "logistic-regression", iterations: 1)
    ) { try fit(hasty, drawn) }
  }

  private func fit(_ learner: LogisticRegression, _ drawn: Drawn) throws -> LinearClassifier {
    try learner.fit(
      features: drawn.features, labels: drawn.labels, classCount: drawn.classCount, weights: nil,
      key: key)
  }
}
