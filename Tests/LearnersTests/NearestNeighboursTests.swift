import Learners
import LinearAlgebra
import Randomness
import Testing

struct NearestNeighboursTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let train: [[Double]]
    let labels: [Int]
    let test: [[Double]]
    let probabilities: [[Double]]
    var testDescription: String { name }
  }

  @Test(arguments: try GoldenFile<Golden>.cases("nearest-neighbours"))
  func agreesWithScikitLearn(golden: Golden) throws {
    let model = try NearestNeighbours().fit(
      features: Matrix(golden.train), labels: golden.labels,
      classCount: (golden.labels.max() ?? 0) + 1, weights: nil, key: key)
    let probabilities = model.probabilities(of: Matrix(golden.test))
    #expect(largestDifference(probabilities, Matrix(golden.probabilities)) < 1e-15)
  }

  @Test func oneNeighbourRecallsItsTraining() throws {
    let drawn = Drawn.clouds(50, features: 4, classes: 5)
    let model = try NearestNeighbours(count: 1).fit(
      features: drawn.features, labels: drawn.labels, classCount: 5, weights: nil, key: key)
    let probabilities = model.probabilities(of: drawn.features)
    #expect(predictions(probabilities) == drawn.labels)
    #expect(Set(probabilities.elements) == [0, 1])
  }

  @Test func votesAreSharesAndTheLowestClassWinsTies() throws {
    let model = try NearestNeighbours(count: 4).fit(
      features: Matrix([[0], [1], [2], [3], [9]]), labels: [3, 1, 3, 1, 0], classCount: 5,
      weights: nil, key: key)
    let probabilities = model.probabilities(of: Matrix([[1]]))
    #expect(probabilities.elements == [0, 0.5, 0, 0.5, 0])
    #expect(predictions(probabilities) == [1])
  }

  @Test func moreNeighboursThanSamplesAskThemAll() throws {
    let model = try NearestNeighbours().fit(
      features: Matrix([[0], [1]]), labels: [1, 0], classCount: 2, weights: nil, key: key)
    #expect(model.probabilities(of: Matrix([[5]])).elements == [0.5, 0.5])
  }

  @Test func votesCountAsTheirWeights() throws {
    let model = try NearestNeighbours(count: 3).fit(
      features: Matrix([[0], [1], [2], [9], [0.5]]), labels: [0, 1, 2, 0, 1], classCount: 3,
      weights: [3, 0.5, 1.5, 9, 0], key: key)
    #expect(model.probabilities(of: Matrix([[0.4]])).elements == [0.6, 0.1, 0.3])
  }

  @Test func weightsOfASingleNeighbourAreRefused() {
    #expect(throws: LearnerError.weightsUnsupported(learner: "1-nn")) {
      try NearestNeighbours(count: 1).fit(
        features: Matrix([[0]]), labels: [0], classCount: 1, weights: [1], key: key)
    }
    #expect(throws: LearnerError.noSamples) {
      try NearestNeighbours().fit(
        features: Matrix(rows: 0, columns: 2), labels: [], classCount: 1, weights: nil, key: key)
    }
  }
}
